"""Looking ahead must change nothing but the time it takes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Self

import numpy as np
import pytest

from twitch_tracker.face.look_ahead import BLOCK, MOST_AHEAD, MOST_READ, LookAhead
from twitch_tracker.records import Frame, TrackerInfo
from twitch_tracker.timebase import Stamp


class Pictures:
    """Frames numbered by their pixels; says how many were read."""

    def __init__(self, count: int, *, fault_at: int | None = None) -> None:
        self.read = 0
        self._count, self._fault_at = count, fault_at

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._count):
            if number == self._fault_at:
                raise OSError("the card was pulled out")
            self.read += 1
            image = np.full((2, 2, 3), number, np.uint8)
            stamp = Stamp(pts=number, time_base=Fraction(1, 25))
            yield Frame(index=number, stamp=stamp, image=image)


class Sums:
    """A tracker whose answer depends on the picture and on where it starts."""

    info = TrackerInfo(name="sums", version="1", weights_sha256="0" * 64)

    def __init__(self, gone: frozenset[int] = frozenset()) -> None:
        self.followed: list[int] = []
        self._gone = gone

    def find_all(self, image: np.ndarray) -> list[np.ndarray]:
        return [_mesh(1000 + int(image[0, 0, 0]))]

    def follow(self, image: np.ndarray, last: np.ndarray | None) -> np.ndarray | None:
        number = int(image[0, 0, 0])
        self.followed.append(number)
        if number in self._gone:
            return None
        return _mesh((7 * (0 if last is None else last[0, 0]) + number) % 9973)

    def close(self) -> None:
        """Hold nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Hold nothing."""


def _mesh(value: float) -> np.ndarray:
    return np.full((478, 3), value, np.float32)


def _watch(tracker, frames, seed: int) -> list[float | None]:
    """Ask as a follower may: mostly on from the last mesh, now and then elsewhere."""
    chance = np.random.default_rng(seed)
    last, answers = None, []
    for frame in frames:
        way = chance.random()
        if last is None or way < 0.1:
            last = tracker.find_all(frame.image)[0]
        elif way < 0.2:
            last = tracker.follow(frame.image, None)
        elif way < 0.3:  # looked at twice, the second answer is taken
            tracker.follow(frame.image, last)
            last = tracker.follow(frame.image, last + 1)
        else:
            last = tracker.follow(frame.image, last)
        answers.append(None if last is None else float(last[0, 0]))
    return answers


@pytest.mark.parametrize("seed", range(8))
def test_the_answers_are_those_of_the_tracker_alone(seed: int) -> None:
    gone = frozenset({5, 6, 40})
    alone = _watch(Sums(gone), Pictures(120), seed)
    with LookAhead(Sums(gone), Pictures(120)) as ahead:
        assert _watch(ahead, ahead.frames(), seed) == alone


def test_a_face_that_stays_is_looked_at_once_a_frame() -> None:
    tracker = Sums()
    with LookAhead(tracker, Pictures(50)) as ahead:
        last = None
        for frame in ahead.frames():
            last = (
                ahead.find_all(frame.image)[0]
                if last is None
                else ahead.follow(frame.image, last)
            )
    # Where the first face came from was not known ahead: that frame is asked for.
    assert tracker.followed == list(range(1, 50))


def test_it_works_in_a_thread_of_its_own() -> None:
    threads = set()

    class Noting(Sums):
        def follow(self, image, last):
            threads.add(threading.current_thread().name)
            return super().follow(image, last)

    with LookAhead(Noting(), Pictures(30)) as ahead:
        last = _mesh(1)
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
    assert "look-ahead" in threads


def test_no_more_is_read_than_a_few_frames_ahead() -> None:
    source = Pictures(100)
    with LookAhead(Sums(), source) as ahead:
        for taken, _frame in enumerate(ahead.frames(), start=1):
            assert source.read <= taken + MOST_AHEAD + 1
            if taken == 10:
                break
    assert source.read < 100


def test_a_fault_of_the_source_comes_after_the_frames_before_it() -> None:
    seen = []
    with (
        LookAhead(Sums(), Pictures(30, fault_at=12)) as ahead,
        pytest.raises(OSError, match="pulled out"),
    ):
        seen.extend(frame.index for frame in ahead.frames())
    assert seen == list(range(12))


def test_a_fault_of_the_tracker_is_not_swallowed() -> None:
    class Broken(Sums):
        def follow(self, image, last):
            if image[0, 0, 0] == 20:
                raise MemoryError("no room for the network")
            return super().follow(image, last)

    def watch() -> None:
        with LookAhead(Broken(), Pictures(30)) as ahead:
            last = _mesh(1)
            for frame in ahead.frames():
                last = ahead.follow(frame.image, last)

    with pytest.raises(MemoryError, match="no room"):
        watch()


def test_leaving_early_leaves_no_thread_and_no_setting_behind() -> None:
    before, switch_s = threading.active_count(), sys.getswitchinterval()
    with LookAhead(Sums(), Pictures(100)) as ahead:
        next(iter(ahead.frames()))
    ahead.close()
    assert threading.active_count() == before
    assert sys.getswitchinterval() == pytest.approx(switch_s)


def test_what_is_guessed_can_be_judged_before_it_is_asked_for() -> None:
    """The faces that follow are those which the tracker then gives, in order."""
    with LookAhead(Sums(frozenset({70})), Pictures(90)) as ahead:
        last, expected, blocks = None, {}, []
        for frame in ahead.frames():
            last = (
                ahead.find_all(frame.image)[0]
                if last is None
                else ahead.follow(frame.image, last)
            )
            if frame.index in expected:
                assert last is expected[frame.index]
            elif last is not None:
                faces = ahead.upcoming(last)
                blocks.append(len(faces))
                expected = {int(image[0, 0, 0]): mesh for image, mesh in faces}
    assert max(blocks) >= BLOCK - 1
    assert min(expected, default=99) > 70, "nothing is guessed past a face that is gone"


def test_nothing_follows_a_mesh_that_was_found_otherwise() -> None:
    with LookAhead(Sums(), Pictures(40)) as ahead:
        last = _mesh(1)
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            assert ahead.upcoming(last.copy()) == []


class Slow(Sums):
    """Takes its time now and then, so that the two threads meet anywhere."""

    def __init__(self, seed: int) -> None:
        super().__init__(frozenset({70, 71}))
        self._chance = np.random.default_rng(seed)

    def follow(self, image, last):
        time.sleep(float(self._chance.choice((0.0, 0.0, 0.002))))
        return super().follow(image, last)


def _watch_passing(tracker, source, seed: int) -> list[tuple[int, bool, float | None]]:
    """Say of each picture whether it was passed over, and which mesh it got."""
    seen = []
    with LookAhead(tracker, source, passing=True) as ahead:

        def frames() -> Iterator[Frame]:
            for frame in ahead.frames():
                yield frame
                answer = answers[-1]
                meshes = ahead.passed_meshes(answer)
                for passed, mesh in zip(ahead.passed, meshes, strict=True):
                    value = None if mesh is None else float(mesh[0, 0])
                    seen.append((passed.index, True, value))
                value = None if answer is None else float(answer[0, 0])
                seen.append((frame.index, False, value))

        answers: list[np.ndarray | None] = []
        chance, last = np.random.default_rng(seed), None
        for frame in frames():
            if last is None or chance.random() < 0.03:
                last = ahead.find_all(frame.image)[0]
            else:
                last = ahead.follow(frame.image, last)
            answers.append(last)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_what_is_passed_over_does_not_depend_on_how_the_threads_meet(seed: int) -> None:
    one, other = (_watch_passing(Slow(s), Pictures(120), seed) for s in (1, 2))
    assert one == other
    assert [index for index, _, _ in one] == list(range(120))
    assert sum(passed for _, passed, _ in one) > 10


def test_a_still_face_is_looked_at_a_second_long_then_as_seldom_as_may_be() -> None:
    """At 25 pictures a second every third is: four would lie too far apart."""
    tracker = Sums()
    with LookAhead(tracker, Pictures(90), passing=True) as ahead:
        last, passed = _mesh(1), []
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            passed.append((frame.index, [one.index for one in ahead.passed]))
    apart = [frame for frame, before in passed if before]
    assert apart[0] == 28
    assert {len(before) for frame, before in passed if 25 < frame < 88} == {2}
    assert tracker.followed == sorted(set(tracker.followed))


def test_the_mesh_of_a_picture_that_was_passed_over_lies_in_between() -> None:
    class Placed(Sums):
        def follow(self, image, last):
            return _mesh(float(image[0, 0, 0]))

    with LookAhead(Placed(), Pictures(60), passing=True) as ahead:
        last, between = _mesh(1), {}
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            meshes = ahead.passed_meshes(last)
            between |= {
                one.index: mesh[0, 0]
                for one, mesh in zip(ahead.passed, meshes, strict=True)
            }
    assert len(between) > 15
    np.testing.assert_allclose(list(between.values()), list(between), rtol=1e-6)


def test_where_the_subject_is_found_elsewhere_nothing_lies_in_between() -> None:
    with LookAhead(Sums(), Pictures(60), passing=True) as ahead:
        last, met = _mesh(1), 0
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            elsewhere = last + 1
            assert not any(m is not None for m in ahead.passed_meshes(elsewhere))
            assert len(ahead.passed_meshes(None)) == len(ahead.passed)
            met += len(ahead.passed)
    assert met > 15


def test_nothing_is_passed_over_at_a_cut() -> None:
    class Cut(Pictures):
        def __iter__(self):
            for frame in super().__iter__():
                if frame.index >= 50:
                    frame.image[:] += 120
                yield frame

    with LookAhead(Sums(), Cut(70), passing=True) as ahead:
        last, passed = _mesh(1), []
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            passed += [one.index for one in ahead.passed]
    assert passed
    assert not set(range(50, 56)) & set(passed)


def test_no_more_is_read_ahead_where_pictures_are_passed_over() -> None:
    source = Pictures(120)
    with LookAhead(Sums(), source, passing=True) as ahead:
        last, taken = _mesh(1), 0
        for frame in ahead.frames():
            last = ahead.follow(frame.image, last)
            taken += 1 + len(ahead.passed)
            assert source.read <= taken + MOST_READ + 1
    assert taken == source.read == 120
