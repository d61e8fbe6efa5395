// The parts of OpenSSL's libcrypto that Cryptography uses; nothing here needs a wrapper of its own.
#ifndef REELSWARM_CLIBCRYPTO_SHIM_H
#define REELSWARM_CLIBCRYPTO_SHIM_H

#include <openssl/crypto.h> // CRYPTO_memcmp
#include <openssl/evp.h>    // digests, scrypt
#include <openssl/hmac.h>   // HMAC

#endif
