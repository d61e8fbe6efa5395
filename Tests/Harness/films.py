"""Small real films, made with ffmpeg."""
import os
import subprocess
from pathlib import Path


def make_film(path: Path, seconds: int = 3, noise: bool = False, extra=(), video=("libx264",), audio=("aac",)) -> Path:
    """A test picture (noisy on demand, so that bytes are many and differ) with a tone, muxed by the file's ending."""
    picture = f"testsrc2=size=640x360:rate=25:duration={seconds}"
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture,
               "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    if noise:
        command += ["-vf", "noise=alls=40:allf=t", "-b:v", "3500k"]
    command += ["-c:v", *video, "-g", "50", "-pix_fmt", "yuv420p", "-c:a", *audio, "-shortest", *extra, str(path)]
    if video[0] == "libx264":
        command[-1:-1] = ["-preset", "ultrafast"]
    subprocess.run(command, check=True)
    return path


def variant(film: Path, out: Path) -> Path:
    """The same MP4 with some noise at its end that players pass over: another file, another torrent."""
    noise = os.urandom(64)
    out.write_bytes(film.read_bytes() + (8 + len(noise)).to_bytes(4) + b"free" + noise)
    return out
