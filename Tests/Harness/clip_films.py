"""Films whose picture and sound tell their own time, in every container: what a clip shows can be named exactly.

Each frame carries its number in blocks of luma, and their opposites below, so that a frame that was decoded without
what it refers to is noticed. Each second of sound begins with half a second of a tone whose pitch tells the second.
"""
import array
import math
import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from movie_boxes import badly_interleaved

WIDTH, HEIGHT, BLOCK = 128, 96, 16
SOUND_RATE = 16_000
DARK, BRIGHT = 40, 215
SUBTITLES = "".join(f"{n + 1}\n00:00:{n:02},200 --> 00:00:{n:02},900\nSecond {n}\n\n" for n in range(0, 12, 2))

_ROWS = [b"".join(bytes([BRIGHT if value >> (7 - bit) & 1 else DARK]) * BLOCK for bit in range(8)) * BLOCK
         for value in range(256)]


def picture(number: int, chroma: bytes) -> bytes:
    """The planes of one frame (yuv420p)."""
    values = [number >> 16 & 255, number >> 8 & 255, number & 255]
    return b"".join(_ROWS[v] for v in values) + b"".join(_ROWS[255 - v] for v in values) + chroma


def pitch(second: int) -> int:
    """Hertz of the tone of a second; they come again after 64 seconds."""
    return 400 + 40 * (second % 64)


def tone(second: int) -> bytes:
    """A second of sound as signed 16-bit samples."""
    step = 2 * math.pi * pitch(second) / SOUND_RATE
    samples = array.array("h", (int(12_000 * math.sin(step * n)) for n in range(SOUND_RATE // 2)))
    return samples.tobytes() + bytes(SOUND_RATE)


@dataclass
class Recipe:
    """How ffmpeg makes one film. With `noise` its colours are random, so that it has many bytes."""
    ending: str
    video: list = field(default_factory=lambda: ["libx264", "-preset", "ultrafast", "-bf", "0"])
    audio: list = field(default_factory=lambda: ["aac"])
    more: list = field(default_factory=list)
    seconds: float = 12
    rate: int = 25
    group: int = 50
    noise: bool = False
    subtitles: str = ""
    sounds: int = 1
    #: A second step: takes the made film's path and where to put the changed one.
    then: object = None

    @property
    def has_video(self) -> bool:
        return bool(self.video)


X264 = ["libx264", "-preset", "ultrafast"]
B_FRAMES = ["libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "b-pyramid=normal:scenecut=0"]
OPEN = ["libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"]
VP8 = ["libvpx", "-deadline", "realtime", "-cpu-used", "8"]
VP9 = ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]


def copied(*before, after=()):
    """A second step: ffmpeg copies the packets with these options."""
    def step(source: Path, out: Path):
        ffmpeg(*before, "-i", source, "-map", "0", "-c", "copy", *after, out)
    return step


def delayed(source: Path, out: Path):
    """The sound begins 0.48 s after the picture: an empty edit."""
    ffmpeg("-i", source, "-itsoffset", "0.48", "-i", source, "-map", "0:v", "-map", "1:a", "-c", "copy", out)


RECIPES = {
    "mp4": Recipe("mp4", more=["-movflags", "+faststart"]),
    "mp4-b-frames": Recipe("mp4", B_FRAMES),
    "mp4-open-group": Recipe("mp4", OPEN),
    "mp4-fragmented": Recipe("mp4", B_FRAMES, more=["-movflags", "frag_keyframe+empty_moov+default_base_moof"]),
    "mp4-dash": Recipe("mp4", X264, more=["-movflags", "+dash", "-frag_duration", "700000"]),
    "mp4-vfr": Recipe("mp4", B_FRAMES, more=["-vf", "select='lt(mod(n,7),4)+gt(mod(n,31),20)'", "-fps_mode", "vfr"]),
    "mp4-rotated": Recipe("mp4", then=copied(after=["-metadata:s:v:0", "rotate=90"])),
    "mp4-edit-list": Recipe("mp4", B_FRAMES, seconds=14, then=copied("-ss", "1.2")),
    "mp4-sound-later": Recipe("mp4", B_FRAMES, then=delayed),
    "mp4-tracks": Recipe("mp4", sounds=3, more=["-metadata:s:a:1", "language=deu", "-c:a:2", "ac3"]),
    "mp4-subtitles": Recipe("mp4", B_FRAMES, subtitles="mov_text"),
    "mp4-badly-interleaved": Recipe("mp4", B_FRAMES, then=badly_interleaved),
    "mp4-3-hours": Recipe("mp4", X264, seconds=10_800, rate=1, group=10, sounds=0),
    "mp4-1-frame": Recipe("mp4", X264, seconds=0.04, sounds=0),
    "mp4-mpeg4": Recipe("mp4", ["mpeg4", "-bf", "2", "-q:v", "4"], ["libmp3lame"]),
    "mov": Recipe("mov", B_FRAMES, ["pcm_s16le"]),
    "mkv": Recipe("mkv", B_FRAMES, ["flac"], subtitles="srt"),
    "mkv-open-group": Recipe("mkv", OPEN, ["aac"]),
    "mkv-live": Recipe("mkv", X264, ["libopus"], then=lambda source, out: live(source, out)),
    "webm": Recipe("webm", VP8, ["libvorbis"]),
    "webm-vp9": Recipe("webm", VP9, ["libopus"]),
    "ts": Recipe("ts", B_FRAMES, ["aac"]),
    "ts-mpeg2": Recipe("ts", ["mpeg2video", "-bf", "2", "-q:v", "4"], ["mp2"]),
    "mpg": Recipe("mpg", ["mpeg2video", "-bf", "2", "-q:v", "4"], ["mp2"]),
    "avi": Recipe("avi", ["mpeg4", "-q:v", "4"], ["libmp3lame"]),
    "avi-b-frames": Recipe("avi", ["mpeg4", "-bf", "2", "-q:v", "4"], ["ac3"]),
    "ogv": Recipe("ogv", ["libtheora", "-q:v", "7"], ["libvorbis"]),
    "flv": Recipe("flv", B_FRAMES, ["aac"]),
    "flv-sorenson": Recipe("flv", ["flv", "-q:v", "4"], ["libmp3lame", "-ar", "22050"]),
    "wmv": Recipe("wmv", ["wmv2", "-q:v", "4"], ["wmav2"]),
    "mp3": Recipe("mp3", [], ["libmp3lame", "-b:a", "64k"]),
    "mp3-vbr": Recipe("mp3", [], ["libmp3lame", "-q:a", "5"]),
    "m4a": Recipe("m4a", [], ["aac"]),
    "wav": Recipe("wav", [], ["pcm_s16le"]),
    "flac": Recipe("flac", [], ["flac"]),
    "ogg": Recipe("ogg", [], ["libvorbis"]),
    "opus": Recipe("opus", [], ["libopus"]),
    "aac": Recipe("aac", [], ["aac"]),
}
#: Three minutes with pictures that take bytes, 16 MB.
LONG = Recipe("mp4", B_FRAMES, seconds=180, noise=True)
VIDEO = [name for name, recipe in RECIPES.items() if recipe.has_video]
SOUND = [name for name, recipe in RECIPES.items() if not recipe.has_video]


def ffmpeg(*words, **options):
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *map(str, words)], check=True,
                   **options)


def live(source: Path, out: Path):
    """Matroska as a stream: no cues, no duration, clusters of unknown size."""
    with open(out, "wb") as file:
        ffmpeg("-i", source, "-map", "0", "-c", "copy", "-f", "matroska", "-", stdout=file)


def make(recipe: Recipe, path: Path) -> Path:
    """Makes a film; the same recipe gives the same bytes."""
    folder = path.parent
    inputs, maps, number = [], [], 0
    if recipe.has_video:
        inputs += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", recipe.rate, "-i", "-"]
        maps += ["-map", "0:v"]
        number += 1
    sound = folder / f"{path.name}.pcm"
    if recipe.sounds:
        with open(sound, "wb") as file:
            file.write(b"".join(map(tone, range(math.ceil(recipe.seconds))))[:int(recipe.seconds * SOUND_RATE) * 2])
        inputs += ["-f", "s16le", "-ar", SOUND_RATE, "-ac", "1", "-i", sound]
        maps += ["-map", f"{number}:a"] * recipe.sounds
        number += 1
    text = folder / f"{path.name}.srt"
    if recipe.subtitles:
        text.write_text(SUBTITLES)
        inputs += ["-i", text]
        maps += ["-map", f"{number}:s", "-c:s", recipe.subtitles]
    made = path.with_name(f"first {path.name}") if recipe.then else path
    codecs = ["-c:v", *recipe.video, "-g", recipe.group] if recipe.has_video else []
    codecs += ["-c:a", *recipe.audio] if recipe.sounds else []
    if recipe.has_video and not any(w in recipe.audio for w in ("-ar",)) and recipe.sounds:
        codecs += ["-ar", "48000" if recipe.audio[0] in ("libopus", "ac3") else "44100"]
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *inputs, *maps, *codecs, "-pix_fmt", "yuv420p",
               "-threads", "1", "-bitexact", *recipe.more, made]
    encoder = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE)
    if recipe.has_video:
        write_pictures(recipe, encoder.stdin)
    encoder.stdin.close()
    assert encoder.wait() == 0, command
    if recipe.then:
        recipe.then(made, path)
        made.unlink()
    for rest in (sound, text):
        rest.unlink(missing_ok=True)
    return path


def write_pictures(recipe: Recipe, pipe):
    size = WIDTH * HEIGHT // 2
    still, chance = bytes([128]) * size, random.Random(5)
    for number in range(max(1, round(recipe.seconds * recipe.rate))):
        pipe.write(picture(number, chance.randbytes(size) if recipe.noise else still))


class ClipFilms:
    """Films by name, each made when it is first asked for, into one folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __getitem__(self, name: str) -> Path:
        return self.made(name, RECIPES[name])

    def made(self, name: str, recipe: Recipe) -> Path:
        path = self.folder / f"{name}.{recipe.ending}"
        return path if path.exists() else make(recipe, path)
