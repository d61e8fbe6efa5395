// The least that can be done to seed a file: bare-seed FILE HASH PIECE_LENGTH prints its port and serves whoever connects.
// A thread per connection; up to 256 KiB of waiting requests are read by one preadv between their headers and sent by one
// write. No choking, no limits, no time-outs.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BATCH = 16, BLOCK = 16384, HEADER = 13, INPUT = 1 << 16 };

static int content;
static long piece_length, piece_count;
static unsigned char hash[20];

struct wanted {
    unsigned int piece, begin, length;
};

static int send_whole(int descriptor, const unsigned char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        bytes += sent;
        count -= sent;
    }
    return 1;
}

static int greet(int descriptor) {
    unsigned char theirs[68], ours[68] = {19};
    if (recv(descriptor, theirs, 68, MSG_WAITALL) != 68 || memcmp(theirs + 28, hash, 20)) return 0;
    memcpy(ours + 1, "BitTorrent protocol", 19);
    memcpy(ours + 28, hash, 20);
    memcpy(ours + 48, "-BS0001-000000000000", 20);
    long bytes = (piece_count + 7) / 8;
    unsigned char *field = calloc(1, 5 + bytes + 5);
    *(unsigned int *)field = htonl(1 + bytes);
    field[4] = 5;
    for (long piece = 0; piece < piece_count; piece++) field[5 + piece / 8] |= 0x80 >> piece % 8;
    field[5 + bytes + 3] = 1;
    field[5 + bytes + 4] = 1;
    int done = send_whole(descriptor, ours, 68) && send_whole(descriptor, field, 5 + bytes + 5);
    free(field);
    return done;
}

static int serve(int descriptor, const struct wanted *wanted, int count, unsigned char *out) {
    struct iovec vectors[BATCH];
    for (int from = 0; from < count;) {
        size_t at = 0;
        off_t start = (off_t)wanted[from].piece * piece_length + wanted[from].begin, end = start;
        int to = from;
        while (to < count && to - from < BATCH
               && (off_t)wanted[to].piece * piece_length + wanted[to].begin == end) {
            unsigned int fields[3] = {htonl(9 + wanted[to].length), htonl(wanted[to].piece), htonl(wanted[to].begin)};
            memcpy(out + at, fields, 4);
            out[at + 4] = 7;
            memcpy(out + at + 5, fields + 1, 8);
            vectors[to - from] = (struct iovec){out + at + HEADER, wanted[to].length};
            at += HEADER + wanted[to].length;
            end += wanted[to++].length;
        }
        if (preadv(content, vectors, to - from, start) != end - start) return 0;
        if (!send_whole(descriptor, out, at)) return 0;
        from = to;
    }
    return 1;
}

static void *peer(void *argument) {
    int descriptor = (int)(long)argument, on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    unsigned char *in = malloc(INPUT), *out = malloc(BATCH * (BLOCK + HEADER));
    struct wanted *wanted = malloc(sizeof *wanted * (INPUT / 17 + 1));
    size_t have = 0;
    ssize_t count;
    for (int open = greet(descriptor); open && (count = recv(descriptor, in + have, INPUT - have, 0)) > 0;) {
        int asked = 0;
        size_t at = 0;
        have += count;
        while (have - at >= 4) {
            size_t length = ntohl(*(unsigned int *)(in + at));
            if (length > INPUT - 4) open = 0;
            if (!open || have - at < 4 + length) break;
            unsigned int *fields = (unsigned int *)(in + at + 5);
            if (length == 13 && in[at + 4] == 6 && ntohl(fields[2]) <= BLOCK)
                wanted[asked++] = (struct wanted){ntohl(fields[0]), ntohl(fields[1]), ntohl(fields[2])};
            at += 4 + length;
        }
        memmove(in, in + at, have - at);
        have -= at;
        open = open && serve(descriptor, wanted, asked, out);
    }
    free(in);
    free(out);
    free(wanted);
    close(descriptor);
    return NULL;
}

int main(int count, char **words) {
    if (count != 4) return fprintf(stderr, "usage: bare-seed FILE HASH PIECE_LENGTH\n"), 2;
    struct stat facts;
    content = open(words[1], O_RDONLY);
    if (content < 0 || fstat(content, &facts)) return perror(words[1]), 1;
    for (int index = 0; index < 20; index++) sscanf(words[2] + 2 * index, "%2hhx", hash + index);
    piece_length = atol(words[3]);
    piece_count = (facts.st_size + piece_length - 1) / piece_length;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 64)) return perror("listen"), 1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        int descriptor = accept(listener, NULL, NULL);
        if (descriptor < 0 || pthread_create(&thread, NULL, peer, (void *)(long)descriptor)) return perror("accept"), 1;
        pthread_detach(thread);
    }
}
