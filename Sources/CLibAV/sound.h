// Sound in libav: layouts of channels are initialised by macros, and lie in a struct with a union.
#ifndef REELSWARM_CLIBAV_SOUND_H
#define REELSWARM_CLIBAV_SOUND_H

#include <libavcodec/avcodec.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>

static inline int libav_frame_channels(const AVFrame *frame) { return frame->ch_layout.nb_channels; }

// The layout of a frame whose file does not name the places of its channels is the usual one of as many.
static inline int libav_known_layout(AVChannelLayout *layout, const AVFrame *frame) {
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_NATIVE) return av_channel_layout_copy(layout, &frame->ch_layout);
    av_channel_layout_default(layout, frame->ch_layout.nb_channels);
    return layout->order == AV_CHANNEL_ORDER_NATIVE ? 0 : AVERROR(EINVAL);
}

// Gives an encoder the frame's own layout where it takes all; else the one of mono, stereo and 5.1 that is nearest.
static inline int libav_choose_layout(AVCodecContext *encoder, const AVFrame *frame, int most, int takes_all) {
    int count = frame->ch_layout.nb_channels;
    if (takes_all && count <= most) return libav_known_layout(&encoder->ch_layout, frame);
    av_channel_layout_default(&encoder->ch_layout, count == 1 ? 1 : count >= 6 && most >= 6 ? 6 : most >= 2 ? 2 : 1);
    return 0;
}

// A converter from what the frame holds to what the encoder takes; NULL when there is none.
static inline struct SwrContext *libav_sound_converter(const AVFrame *frame, AVCodecContext *encoder) {
    struct SwrContext *converter = NULL;
    AVChannelLayout from = {0};
    if (libav_known_layout(&from, frame) < 0) return NULL;
    int status = swr_alloc_set_opts2(
        &converter, &encoder->ch_layout, encoder->sample_fmt, encoder->sample_rate, &from,
        (enum AVSampleFormat)frame->format, frame->sample_rate, 0, NULL);
    av_channel_layout_uninit(&from);
    if (status >= 0 && swr_init(converter) >= 0) return converter;
    swr_free(&converter);
    return NULL;
}

// A frame of so many samples like those an encoder takes, or like those of another frame; NULL without memory.
static inline AVFrame *libav_sound_frame(const AVChannelLayout *layout, int format, int rate, int count) {
    AVFrame *frame = av_frame_alloc();
    if (!frame) return NULL;
    frame->format = format;
    frame->sample_rate = rate;
    frame->nb_samples = count;
    if (av_channel_layout_copy(&frame->ch_layout, layout) < 0 || av_frame_get_buffer(frame, 0) < 0) av_frame_free(&frame);
    return frame;
}
static inline AVFrame *libav_encoder_frame(const AVCodecContext *encoder, int count) {
    return libav_sound_frame(&encoder->ch_layout, encoder->sample_fmt, encoder->sample_rate, count);
}
static inline AVFrame *libav_silence(const AVFrame *like, int count) {
    AVFrame *frame = libav_sound_frame(&like->ch_layout, like->format, like->sample_rate, count);
    if (frame) av_samples_set_silence(
        frame->extended_data, 0, count, frame->ch_layout.nb_channels, (enum AVSampleFormat)frame->format);
    return frame;
}
static inline int libav_same_sound(const AVFrame *one, const AVFrame *other) {
    return one->format == other->format && one->sample_rate == other->sample_rate
        && av_channel_layout_compare(&one->ch_layout, &other->ch_layout) == 0;
}
static inline AVAudioFifo *libav_sound_queue(const AVCodecContext *encoder) {
    return av_audio_fifo_alloc(encoder->sample_fmt, encoder->ch_layout.nb_channels, 8192);
}

// Converts `count` samples of `frame` from `first` on, and appends them to `queue`; without a frame, what the converter
// still holds. Negative on an error. Pointers to planes are arrays of a length that only the format knows.
static inline int libav_convert_sound(
    struct SwrContext *converter, AVAudioFifo *queue, const AVCodecContext *encoder, const AVFrame *frame, int first,
    int count) {
    const uint8_t *planes[64] = {0};
    if (frame) {
        int is_planar = av_sample_fmt_is_planar((enum AVSampleFormat)frame->format);
        int channels = frame->ch_layout.nb_channels;
        int step = av_get_bytes_per_sample((enum AVSampleFormat)frame->format) * (is_planar ? 1 : channels);
        if (channels > 64 || first < 0 || count < 0 || first > frame->nb_samples - count) return AVERROR(EINVAL);
        for (int plane = 0; plane < (is_planar ? channels : 1); plane++)
            planes[plane] = frame->extended_data[plane] + (size_t)first * step;
    }
    int room = swr_get_out_samples(converter, count);
    if (room <= 0) return room;
    AVFrame *made = libav_encoder_frame(encoder, room);
    if (!made) return AVERROR(ENOMEM);
    int status = swr_convert(converter, made->extended_data, room, frame ? planes : NULL, count);
    if (status > 0) status = av_audio_fifo_write(queue, (void **)made->extended_data, status);
    av_frame_free(&made);
    return status;
}
static inline int libav_take_sound(AVAudioFifo *queue, AVFrame *frame) {
    return av_audio_fifo_read(queue, (void **)frame->extended_data, frame->nb_samples);
}

#endif
