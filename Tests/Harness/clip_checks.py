"""What a film or clip of `clip_films` really shows: decoded by ffmpeg, which respects edit lists, and compared."""
import array
import json
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clip_films import BLOCK, HEIGHT, WIDTH, pitch

RATE = 8_000
#: Endings whose players begin at any asked frame; in others a clip begins with the key frame before it.
EDITED = {".mp4", ".mov", ".m4a"}


@dataclass(frozen=True)
class Tone:
    begin: float
    end: float
    second: int | None


@dataclass
class Shown:
    """Frames' numbers (None: not readable) and times, the sound's tones and seconds, and what ffmpeg minded."""
    numbers: list
    times: list
    keys: list
    tones: list
    sound: float
    errors: list

    @property
    def end(self) -> float:
        return max([*self.times, self.sound, 0])


def number_of(gray: bytes) -> int | None:
    """The number of a frame, or nothing where its blocks and their opposites do not agree."""
    def bit(row, column):
        return gray[(row * BLOCK + BLOCK // 2) * WIDTH + column * BLOCK + BLOCK // 2]
    number = 0
    for row in range(3):
        for column in range(8):
            value, opposite = bit(row, column), bit(row + 3, column)
            if abs(value - opposite) < 60:
                return None
            number = number << 1 | (value > opposite)
    return number


def tones_of(samples: array.array) -> list[Tone]:
    window = RATE // 100
    loud = [max(map(abs, samples[n:n + window])) > 2500 for n in range(0, len(samples), window)]
    found, begin = [], None
    for n, is_loud in enumerate([*loud, False]):
        if is_loud and begin is None:
            begin = n
        elif not is_loud and begin is not None:
            # Gaps of one window are no silence.
            if n + 1 < len(loud) and loud[n + 1]:
                continue
            found.append(tone(samples, begin * window, n * window))
            begin = None
    return found


def tone(samples: array.array, begin: int, end: int) -> Tone:
    edge = (end - begin) // 6
    part = samples[begin + edge:end - edge]
    if len(part) < RATE // 12:
        return Tone(begin / RATE, end / RATE, None)
    crossings = [n for n in range(1, len(part)) if part[n - 1] < 0 <= part[n]]
    hertz = (len(crossings) - 1) * RATE / max(crossings[-1] - crossings[0], 1) if len(crossings) > 2 else 0
    return Tone(begin / RATE, end / RATE, round((hertz - pitch(0)) / (pitch(1) - pitch(0))))


def probe(path: Path) -> dict:
    """What ffprobe says; it must say it without complaint."""
    done = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path], check=True,
                          capture_output=True, text=True)
    assert not done.stderr.strip(), done.stderr
    return json.loads(done.stdout)


def own_bytes(film: Path, start: float, end: float) -> int:
    """Bytes of the packets that make a clip up: of each stream those from the key frame on that come before the end."""
    done = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts_time,dts_time,size,flags",
                           "-show_entries", "format=start_time", "-of", "json", film], check=True, capture_output=True)
    told = json.loads(done.stdout)
    zero = float(told["format"].get("start_time", 0))

    def time(packet) -> float:
        return float(packet.get("pts_time", packet.get("dts_time", 0))) - zero
    packets = [(p["codec_type"], time(p), "K" in p["flags"], int(p["size"])) for p in told["packets"]]
    first = max([t for kind, t, key, _ in packets if kind == "video" and key and t <= start + 0.01], default=start - 1)
    return sum(size for _, t, _, size in packets if first - 0.05 <= t < end)


def decode(path: Path, *words) -> tuple[bytes, str]:
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "level+info", "-noautorotate", "-copyts", "-i", path,
               *words, "-"]
    done = subprocess.run(command, capture_output=True)
    return done.stdout, done.stderr.decode(errors="replace")


def shown(path: Path) -> Shown:
    facts, errors = probe(path), []
    streams = [stream.get("codec_type", "") for stream in facts["streams"]]
    zero = float(facts["format"].get("start_time", 0))
    numbers, times, keys, tones, sound = [], [], [], [], 0.0
    if "video" in streams:
        gray, told = decode(path, "-map", "0:v:0", "-vf", "showinfo", "-fps_mode", "passthrough", "-f", "rawvideo",
                            "-pix_fmt", "gray")
        size = WIDTH * HEIGHT
        numbers = [number_of(gray[n:n + size]) for n in range(0, len(gray) - size + 1, size)]
        frames = re.findall(r"pts_time:\s*(-?[\d.e+-]+).*?iskey:(\d)", told)
        times, keys = [float(time) - zero for time, _ in frames], [key == "1" for _, key in frames]
        errors += faults(told)
    if "audio" in streams:
        filled = f"asetpts=PTS-{zero}/TB,aresample=async=1:min_hard_comp=0.02:first_pts=0"
        raw, told = decode(path, "-map", "0:a:0", "-af", filled, "-ar", str(RATE), "-ac", "1", "-f", "s16le")
        samples = array.array("h", raw[:len(raw) // 2 * 2])
        tones, sound = tones_of(samples), len(samples) / RATE
        errors += faults(told)
    return Shown(numbers, times, keys, tones, sound, errors)


def faults(told: str) -> list[str]:
    return [line for line in told.splitlines() if re.search(r"\[(error|fatal|panic)\]", line)]


@lru_cache(maxsize=None)
def film_shown(path: Path) -> Shown:
    """What a whole film shows; it must be flawless itself."""
    film = shown(path)
    assert None not in film.numbers and len(film.numbers) == len(film.times), (path, film.errors)
    return film


def check_clip(film: Path, clip: Path, start: float, end: float, *, exact: bool = False) -> Shown:
    """Whether a clip shows what was asked for and plays without complaint. Returns what it shows."""
    whole, part = film_shown(film), shown(clip)
    real = [line for line in part.errors if "mmco: unref short" not in line]
    assert not real, real[:5]
    at = check_pictures(whole, part, start, end, exact, clip.suffix) if whole.numbers and part.numbers else None
    if whole.numbers and not part.numbers:
        assert clip.suffix not in (".mp4", ".mov", ".mkv", ".webm"), "no pictures"
    if whole.tones and part.tones:
        # The first packets of MP3 need bytes of those before them.
        lost = 0.45 if clip.suffix == ".mp3" else 0.12
        check_sound(whole, part, start, end, at, exact or clip.suffix in EDITED, lost)
    return part


def check_pictures(whole: Shown, part: Shown, start: float, end: float, exact: bool, ending: str) -> float:
    """Returns the film's time that the clip shows at its own zero."""
    film = dict(zip(whole.numbers, whole.times))
    assert None not in part.numbers, f"frame {part.numbers.index(None)} of {len(part.numbers)} was not decoded whole"
    at = whole.numbers.index(part.numbers[0])
    within = [number for number in part.numbers if film[number] < end - 0.001]
    assert within == whole.numbers[at:at + len(within)], f"frames missing, doubled or out of order: {gaps(within)}"
    # What comes behind the end is what frames before it refer to.
    behind = part.numbers[len(within):]
    assert part.numbers == sorted(set(part.numbers)) and len(behind) <= 4, behind
    frame = max(b - a for a, b in zip([0.0, *whole.times], [*whole.times, whole.times[-1] + 0.04])) + 0.002
    first, last = film[part.numbers[0]], film[part.numbers[-1]]
    if exact:
        assert start - 0.002 <= first <= start + frame, f"begins with {first}, asked {start}"
        assert min(end, whole.times[-1] + frame) - frame <= last < end, f"ends with {last}, asked {end}"
    elif ending in EDITED:
        assert start - frame <= first <= start + frame, f"begins with {first}, asked {start}"
    else:
        key = max([t for t, k in zip(whole.times, whole.keys) if k and t <= start + 0.002], default=whole.times[0])
        assert key - 0.002 <= first <= max(start, key) + frame, f"begins with {first}; key frame {key}, asked {start}"
    assert last < end + 3 * frame and last >= min(end, whole.times[-1]) - 3 * frame, f"ends with {last}, asked {end}"
    shifts = [film[number] - time for number, time in zip(part.numbers, part.times)]
    even = 0.045 if ending in (".avi", ".mpg") else 0.015
    assert max(shifts) - min(shifts) < even, f"uneven times: {min(shifts)} to {max(shifts)}"
    if exact or ending in EDITED:
        assert abs(shifts[0] - start) < frame, f"the clip's zero is {shifts[0]} in the film, asked {start}"
    return shifts[0]


def gaps(numbers: list) -> list:
    return [(a, b) for a, b in zip(numbers, numbers[1:]) if b != a + 1][:4]


def check_sound(whole: Shown, part: Shown, start: float, end: float, at: float | None, begins_as_asked: bool,
                lost: float):
    """The clip's tones are the film's of that time, no more than a packet or two away.

    `lost` is how many seconds at the beginning may be silent.
    """
    near = start if at is None else at
    known = {}
    for tone in whole.tones:
        # Pitches come again: those around the clip are meant.
        if tone.second is not None and near - 13 < tone.begin < near + 50:
            known.setdefault(tone.second, tone)
    # A tone that the clip begins in has lost its own beginning.
    heard = [t for t in part.tones if t.second is not None and t.begin > lost]
    shifts = [known[t.second].begin - t.begin for t in heard if t.second in known]
    assert len(shifts) == len(heard), f"tones that the film does not have: {heard}"
    assert not shifts or max(shifts) - min(shifts) < 0.06, f"sound jumps: {shifts}"
    if shifts and at is not None:
        assert abs(shifts[0] - at) < 0.07, f"sound is {shifts[0] - at:+.3f} s away from the picture"
    zero = shifts[0] if shifts else at if at is not None else start
    if begins_as_asked:
        # Where pictures stand long, the clip begins with the one that is on screen.
        assert at is not None or abs(zero - start) < 0.1, f"sound begins at {zero}, asked {start}"
    else:
        assert start - 12 <= zero <= start + 0.1, f"sound begins at {zero}, asked {start}"
    wanted = min(end, whole.sound) - zero
    assert abs(part.sound - wanted) < 0.15, f"sound of {part.sound:.3f} s, expected {wanted:.3f} s"


def quality(film: Path, clip: Path, first: int, count: int) -> float:
    """The least PSNR of a picture of the clip, in dB, beside the same picture of the film."""
    log = clip.with_suffix(".psnr")
    even = "settb=1/25,setpts=N"
    graph = (f"[0:v]trim=start_frame={first}:end_frame={first + count},{even}[film];[1:v]{even}[clip];"
             f"[clip][film]psnr=stats_file={log}")
    subprocess.run(["ffmpeg", "-v", "error", "-noautorotate", "-i", film, "-noautorotate", "-i", clip,
                    "-filter_complex", graph, "-f", "null", "-"], check=True)
    values = re.findall(r"psnr_avg:([\d.]+|inf)", log.read_text())
    assert len(values) == count
    return min(map(float, values))
