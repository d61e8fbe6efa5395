// The parts of OpenSSL's libcrypto that Cryptography uses.
#ifndef REELSWARM_CLIBCRYPTO_SHIM_H
#define REELSWARM_CLIBCRYPTO_SHIM_H

// The low-level RC4 calls are deprecated since OpenSSL 3, yet they are the ones that need no configured legacy provider.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bn.h>     // modular powers
#include <openssl/crypto.h> // CRYPTO_memcmp, OPENSSL_cleanse
#include <openssl/evp.h>    // digests, scrypt
#include <openssl/hmac.h>   // HMAC
#include <openssl/rc4.h>    // RC4

#endif
