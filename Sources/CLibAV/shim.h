// What Swift cannot import from libav's own headers, each line with its reason.
#ifndef REELSWARM_CLIBAV_SHIM_H
#define REELSWARM_CLIBAV_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdio.h>

// Macros with casts or arithmetic are not imported.
static const int64_t libav_no_time = AV_NOPTS_VALUE;
static const int libav_end_of_file = AVERROR_EOF;
static const int libav_invalid_data = AVERROR_INVALIDDATA;
static const int libav_interrupted = AVERROR_EXIT;
static const int libav_again = AVERROR(EAGAIN);
static const int libav_not_permitted = AVERROR(EPERM);
static const int libav_input_error = AVERROR(EIO);
static const int libav_out_of_memory = AVERROR(ENOMEM);
static const int libav_external_error = AVERROR_EXTERNAL;
static const int libav_seek_size = AVSEEK_SIZE;
static const int libav_quality_scale = FF_QP2LAMBDA;

// Flags that are `1 << n` come as Int32 or not at all, depending on the compiler; here they are the type of their field.
static const int libav_flag_custom_io = AVFMT_FLAG_CUSTOM_IO;
static const int libav_flag_fixed_quality = AV_CODEC_FLAG_QSCALE;
static const int libav_flag_bitexact = AV_CODEC_FLAG_BITEXACT;
static const int libav_disposition_default = AV_DISPOSITION_DEFAULT;
static const int libav_disposition_picture = AV_DISPOSITION_ATTACHED_PIC;
static const int libav_packet_key = AV_PKT_FLAG_KEY;
static const int libav_packet_corrupt = AV_PKT_FLAG_CORRUPT;
static const int libav_seek_backward = AVSEEK_FLAG_BACKWARD;
static const int libav_flag_reproducible = AVFMT_FLAG_BITEXACT;
static const int libav_io_write = AVIO_FLAG_WRITE;
static const int libav_takes_experiments = FF_COMPLIANCE_EXPERIMENTAL;
static const int libav_flag_interlaced = AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
static const int libav_flag_global_header = AV_CODEC_FLAG_GLOBAL_HEADER;
static const int libav_format_global_header = AVFMT_GLOBALHEADER;

// Logging is variadic: not imported, and a callback in Swift cannot take a va_list. Nothing is logged at all.
// Some encoders complain on standard error by themselves, where a job's answer goes: what they print stays in memory.
static inline void libav_be_silent(void) {
    av_log_set_level(AV_LOG_QUIET);
    FILE *nowhere = fmemopen(NULL, 4096, "w");
    if (nowhere) stderr = nowhere;
}

// The channel count lies in a struct with a union, whose import has changed between Swift versions.
static inline int libav_channels(const AVCodecParameters *parameters) { return parameters->ch_layout.nb_channels; }

#endif
