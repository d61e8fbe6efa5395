"""A clip of every container out of a libtorrent seed, with and without the index: frames named, bytes counted."""
import pytest

from clip_checks import check_clip, own_bytes
from clip_torrents import MINUTE, clip_of, create, given, most_bytes, minute, plan
from peers import LibtorrentSeed
from torrents import without


@pytest.mark.parametrize("name", MINUTE)
def test_every_container(clip_films, tmp_path, name):
    """With the index: frames right, and no more bytes than the clip's own, the headers and the ends of the ranges.
    Without it: the same frames, and never the whole film."""
    film = minute(clip_films, name)
    path = create(film, tmp_path / "film.torrent")
    start, end = 13.3, 33.1
    made = plan(path, start, end)
    with LibtorrentSeed(path, film.parent) as seed:
        facts = clip_of(path, tmp_path / f"with{film.suffix}", "--peer", seed.endpoint, start=start, end=end)
        assert facts["had_index"] and facts["bytes_fetched"] <= made["pieces"]["bytes"], (facts, made)
    bare = tmp_path / "bare" / "film.torrent"
    bare.parent.mkdir()
    bare.write_bytes(without(path.read_bytes(), "clip-index"))
    with LibtorrentSeed(bare, film.parent) as seed:
        facts = clip_of(bare, bare.parent / f"without{film.suffix}", "--peer", seed.endpoint, start=start, end=end)
        assert not facts["had_index"]
        spent = given(seed)
    one = check_clip(film, tmp_path / f"with{film.suffix}", start, end)
    other = check_clip(film, bare.parent / f"without{film.suffix}", start, end)
    assert one.numbers == other.numbers
    print(f"{name}: own packets {own_bytes(film, start, end)}, planned {made['pieces']['bytes']}, "
          f"without index {spent}, film {film.stat().st_size}")
    assert made["pieces"]["bytes"] <= most_bytes(film, made, start, end), made
    # Small files are two reads long; where nothing says what lies where, everything before the clip is read.
    if film.stat().st_size > 2_000_000:
        assert spent < film.stat().st_size * (0.95 if name in ("flv", "mkv-live") else 0.85)
