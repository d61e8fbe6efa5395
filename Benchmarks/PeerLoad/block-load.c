// Asks a seed for blocks over some connections and counts what comes: block-load PORT HASH SIZE PIECE_LENGTH CONNECTIONS SECONDS
// Every connection walks over the whole content from a place of its own with 250 requests under way. Seeds may close who takes
// everything many times over, so after three copies a connection is opened anew by another name. Prints bytes a second.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 16384, UNDER_WAY = 250, REQUEST = 17, BUFFER = 1 << 20 };

static int port, connections;
static unsigned char hash[20];
static long size, piece_length;
static double seconds;
static atomic_long received;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int dial(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    return descriptor;
}

static void greet(int descriptor, long number) {
    unsigned char handshake[68] = {19};
    memcpy(handshake + 1, "BitTorrent protocol", 19);
    handshake[27] = 4;
    memcpy(handshake + 28, hash, 20);
    char name[21];
    snprintf(name, sizeof name, "-BL0001-%06d%06ld", getpid() % 1000000, number % 1000000);
    memcpy(handshake + 48, name, 20);
    unsigned char interested[5] = {0, 0, 0, 1, 2};
    if (send(descriptor, handshake, 68, 0) != 68) fail("send");
    if (recv(descriptor, handshake, 68, MSG_WAITALL) != 68) fail("handshake");
    if (send(descriptor, interested, 5, 0) != 5) fail("send");
}

static long request(unsigned char *out, long offset) {
    if (offset >= size) offset = 0;
    long piece = offset / piece_length, begin = offset % piece_length, length = BLOCK;
    if (length > piece_length - begin) length = piece_length - begin;
    if (length > size - offset) length = size - offset;
    unsigned int fields[4] = {htonl(13), htonl(piece), htonl(begin), htonl(length)};
    memcpy(out, fields, 4);
    out[4] = 6;
    memcpy(out + 5, fields + 1, 12);
    return offset + length;
}

struct conversation {
    int descriptor, due, unchoked;
    long offset, taken;
    size_t have;
    unsigned char *buffer, *out;
};

static void take(struct conversation *peer) {
    ssize_t count = recv(peer->descriptor, peer->buffer + peer->have, BUFFER - peer->have, 0);
    if (count <= 0) fail("closed");
    peer->have += count;
    size_t at = 0;
    while (peer->have - at >= 5) {
        size_t length = ntohl(*(unsigned int *)(peer->buffer + at));
        if (peer->have - at < 4 + length) break;
        int kind = length ? peer->buffer[at + 4] : -1;
        if (kind == 1 && !peer->unchoked) peer->unchoked = 1, peer->due = UNDER_WAY;
        if (kind == 7) peer->taken += length - 9, peer->due++;
        if (kind == 16) peer->due++;
        at += 4 + length;
    }
    memmove(peer->buffer, peer->buffer + at, peer->have - at);
    peer->have -= at;
}

static void ask(struct conversation *peer) {
    if (!peer->due || !peer->unchoked) return;
    for (int index = 0; index < peer->due; index++)
        peer->offset = request(peer->out + index * REQUEST, peer->offset);
    if (send(peer->descriptor, peer->out, peer->due * REQUEST, 0) < 0) fail("send");
    peer->due = 0;
}

static void *leech(void *argument) {
    long number = (long)argument;
    unsigned char *buffer = malloc(BUFFER), *out = malloc(REQUEST * UNDER_WAY);
    for (double end = now() + seconds; now() < end; number += 64) {
        struct conversation peer = {.descriptor = dial(), .buffer = buffer, .out = out,
                                    .offset = number * (size / 16) % size / piece_length * piece_length};
        greet(peer.descriptor, number);
        while (now() < end && peer.taken < 3 * size) {
            long before = peer.taken;
            take(&peer);
            atomic_fetch_add(&received, peer.taken - before);
            ask(&peer);
        }
        close(peer.descriptor);
    }
    return NULL;
}

int main(int count, char **words) {
    if (count != 7) return fprintf(stderr, "usage: block-load PORT HASH SIZE PIECE_LENGTH CONNECTIONS SECONDS\n"), 2;
    port = atoi(words[1]);
    for (int index = 0; index < 20; index++) sscanf(words[2] + 2 * index, "%2hhx", hash + index);
    size = atol(words[3]);
    piece_length = atol(words[4]);
    connections = atoi(words[5]);
    seconds = atof(words[6]);
    pthread_t threads[64];
    double start = now();
    for (long index = 0; index < connections && index < 64; index++)
        pthread_create(threads + index, NULL, leech, (void *)index);
    for (int index = 0; index < connections && index < 64; index++) pthread_join(threads[index], NULL);
    printf("%.0f\n", received / (now() - start));
}
