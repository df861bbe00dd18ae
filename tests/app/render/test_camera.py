"""The camera: places, zooming at a point, and flights that stay on course."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.camera import (
    FIT,
    WIDTH,
    Camera,
    Frame,
    centred,
    column_x,
    eased,
    fitted_column,
    from_pixels,
    is_close,
    is_visible,
    kept_in_view,
    panned,
    to_pixels,
    zoomed,
)

FRAME = Frame(1600.0, 900.0, column=180.0)
cameras = st.builds(
    lambda zoom, x, y: kept_in_view(Camera(x, y, 1.0 / zoom)),
    st.floats(0.0, 6.0).map(lambda power: 10.0**power),
    st.floats(0.0, 8.0),
    st.floats(0.0, 1.0),
)
pixels = st.tuples(st.floats(0.0, 1600.0), st.floats(0.0, 900.0))


@given(camera=cameras, point=pixels)
def test_pixels_and_places_are_each_others_reverse(camera: Camera, point: tuple[float, float]) -> None:
    place = from_pixels(camera, FRAME, *point)
    assert to_pixels(camera, FRAME, *place) == pytest.approx(point, abs=1e-4)


@given(camera=cameras, point=pixels, factor=st.floats(0.2, 5.0))
def test_zooming_keeps_the_place_under_the_cursor(camera: Camera, point: tuple[float, float], factor: float) -> None:
    nearer = zoomed(camera, FRAME, factor, *point)
    free = Camera(nearer.x, nearer.y, nearer.span)
    if free != kept_in_view(free) or nearer.span in (1.0,):
        return  # at the rim of the tree the rim wins
    half = 0.5 * nearer.span
    if not -half < nearer.y < 1.0 - half:
        return
    before, after = from_pixels(camera, FRAME, *point), from_pixels(nearer, FRAME, *point)
    assert after[1] == pytest.approx(before[1], abs=1e-9 + 1e-6 * nearer.span)
    if -0.5 * WIDTH < nearer.x < WIDTH - 0.5:
        assert after[0] == pytest.approx(before[0], abs=1e-6)


def test_zooming_in_shows_less_and_out_more() -> None:
    nearer = zoomed(FIT, FRAME, 2.0, 800.0, 400.0)
    assert nearer.span == pytest.approx(0.5)
    assert zoomed(nearer, FRAME, 0.5, 800.0, 400.0).span == pytest.approx(1.0)
    assert zoomed(FIT, FRAME, 0.5, 800.0, 400.0) == FIT


@given(start=cameras, target=cameras)
def test_a_flight_arrives(start: Camera, target: Camera) -> None:
    camera = start
    for _ in range(400):
        camera = eased(camera, target, FRAME, 0.2)
    assert is_close(camera, target)
    assert eased(start, target, FRAME, 1.0) == target


@given(camera=cameras, point=pixels)
def test_a_zoom_stays_at_the_cursor_all_the_way(camera: Camera, point: tuple[float, float]) -> None:
    target = zoomed(camera, FRAME, 1.7, *point)
    here = from_pixels(camera, FRAME, *point)
    if from_pixels(target, FRAME, *point) != pytest.approx(here, abs=1e-9):
        return  # held back at the rim
    now = camera
    for _ in range(12):
        now = eased(now, target, FRAME, 0.25)
        there = from_pixels(now, FRAME, *point)
        assert there[1] == pytest.approx(here[1], abs=2e-3 * now.span)
        assert there[0] == pytest.approx(here[0], abs=2e-2)


def test_dragging_moves_what_was_grabbed_with_the_hand() -> None:
    camera = zoomed(FIT, FRAME, 4.0, 800.0, 400.0)
    place = from_pixels(camera, FRAME, 500.0, 300.0)
    moved = panned(camera, FRAME, 40.0, -25.0)
    assert to_pixels(moved, FRAME, *place) == pytest.approx((540.0, 275.0))


@given(camera=cameras, dx=st.floats(-1e5, 1e5), dy=st.floats(-1e5, 1e5))
def test_the_tree_cannot_be_lost(camera: Camera, dx: float, dy: float) -> None:
    moved = panned(camera, FRAME, dx, dy)
    assert -0.5 * moved.span <= moved.y <= 1.0 - 0.5 * moved.span
    assert -0.5 * WIDTH <= moved.x <= WIDTH


@given(depth=st.integers(0, 40), top=st.floats(0.0, 0.999), height=st.floats(1e-7, 0.3))
def test_centring_makes_a_node_visible(depth: int, top: float, height: float) -> None:
    bottom = min(1.0, top + height)
    camera = centred(FRAME, depth, top, bottom, least=60.0, camera=FIT)
    x, upper = to_pixels(camera, FRAME, column_x(depth), top)
    lower = to_pixels(camera, FRAME, 0.0, bottom)[1]
    assert lower - upper >= 59.9
    assert 0.0 <= x <= FRAME.width
    assert is_visible(camera, FRAME, depth, top, bottom, least=59.0)


def test_columns_fill_the_frame_at_the_depth_they_were_fitted_to() -> None:
    for depth in (8, 12, 30):
        column = fitted_column(FRAME, depth)
        assert FRAME.left + column * column_x(depth) == pytest.approx(FRAME.width - FRAME.right)
    assert fitted_column(FRAME, 1) < 0.3 * FRAME.width
    assert column_x(10_000) == pytest.approx(WIDTH)
