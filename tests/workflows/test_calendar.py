"""Working days, local mornings, deadlines and the reminder ladder."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.nightly import examples
from workflows.calendar import (
    Rung,
    Week,
    add_working_days,
    at,
    deadline,
    halfway,
    iso_week,
    last_working_morning,
    local_day,
    morning,
    next_working_day,
    rungs,
    working_days_between,
    zone,
)
from workflows.errors import WorkflowError

OFFICE = Week(frozenset({1, 2, 3, 4, 5}))
GULF = Week(frozenset({7, 1, 2, 3, 4}))
BERLIN = Week(frozenset({1, 2, 3, 4, 5}), "DE", "BE")
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
weeks = st.builds(Week, st.frozensets(st.integers(1, 7), min_size=1)) | st.just(BERLIN)
EPOCH = datetime(2005, 1, 1, tzinfo=UTC)
moments = st.integers(0, 45 * 366 * 86_400).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
zones = st.sampled_from(ZONES)


@pytest.mark.parametrize(
    ("day", "n", "week", "expected"),
    [
        ("2026-03-02", 3, OFFICE, "2026-03-05"),
        ("2026-03-05", 3, OFFICE, "2026-03-10"),
        ("2026-03-07", 1, OFFICE, "2026-03-09"),
        ("2026-03-07", -1, OFFICE, "2026-03-06"),
        ("2026-03-07", 0, OFFICE, "2026-03-07"),
        ("2026-03-05", 1, GULF, "2026-03-08"),
        ("2026-12-30", 3, OFFICE, "2027-01-04"),
        ("2026-12-30", 3, BERLIN, "2027-01-05"),
        ("2026-12-23", 2, BERLIN, "2026-12-28"),
        ("2027-01-04", -2, BERLIN, "2026-12-30"),
    ],
)
def test_working_days_are_counted_in_the_committees_week(day: str, n: int, week: Week, expected: str) -> None:
    assert add_working_days(date.fromisoformat(day), n, week) == date.fromisoformat(expected)


@given(days, st.integers(-40, 40), weeks)
def test_adding_and_counting_working_days_are_each_others_inverse(day: date, n: int, week: Week) -> None:
    end = add_working_days(day, n, week)
    assert working_days_between(day, end, week) == n
    assert n == 0 or week.works_on(end)


@given(days, st.integers(0, 30), st.integers(0, 30), weeks)
def test_adding_working_days_in_two_steps_or_one_is_the_same(day: date, n: int, m: int, week: Week) -> None:
    assert add_working_days(add_working_days(day, n, week), m, week) == add_working_days(day, n + m, week)


@given(days, weeks)
def test_the_next_working_day_is_the_nearest_one(day: date, week: Week) -> None:
    following = next_working_day(day, week)
    assert following > day
    assert working_days_between(day, following, week) == 1
    assert next_working_day(day, week, inclusive=True) == (day if week.works_on(day) else following)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"days": frozenset()}, "week_days"),
        ({"days": frozenset({0})}, "week_days"),
        ({"days": frozenset({8, 1})}, "week_days"),
        ({"days": frozenset({1}), "country": "Atlantis"}, "holidays_country"),
        ({"days": frozenset({1}), "country": "DE", "subdivision": "TX"}, "holidays_country"),
        ({"days": frozenset({1}), "subdivision": "BE"}, "holidays_country"),
    ],
)
def test_a_week_nobody_could_work_is_refused_with_its_field(spec: dict[str, object], field: str) -> None:
    with pytest.raises(WorkflowError) as refusal:
        Week(**spec)  # type: ignore[arg-type]  # bad on purpose
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("day", "hour", "minute", "tz", "expected"),
    [
        ("2026-03-02", 9, 0, "Europe/Berlin", "2026-03-02T08:00:00Z"),
        ("2026-03-29", 2, 30, "Europe/Berlin", "2026-03-29T01:30:00Z"),  # skipped: it is 03:30 there
        ("2026-10-25", 2, 30, "Europe/Berlin", "2026-10-25T00:30:00Z"),  # twice: the first
        ("2026-03-08", 2, 30, "America/New_York", "2026-03-08T07:30:00Z"),  # skipped: 03:30
        ("2026-11-01", 1, 30, "America/New_York", "2026-11-01T05:30:00Z"),  # twice
        ("2026-10-04", 2, 15, "Australia/Lord_Howe", "2026-10-03T15:45:00Z"),  # skipped half an hour: 02:45
        ("2026-04-05", 1, 45, "Australia/Lord_Howe", "2026-04-04T14:45:00Z"),  # half an hour twice
        ("2026-06-01", 9, 0, "Asia/Kathmandu", "2026-06-01T03:15:00Z"),
    ],
)
def test_local_times_survive_the_clocks_going_forward_and_back(
    day: str, hour: int, minute: int, tz: str, expected: str
) -> None:
    moment = at(date.fromisoformat(day), hour, minute, tz)
    assert moment == datetime.fromisoformat(expected)
    assert moment.tzinfo is UTC


@given(days, st.integers(0, 23), st.integers(0, 59), zones)
def test_a_local_time_is_kept_or_moved_forward_never_back(day: date, hour: int, minute: int, tz: str) -> None:
    local = at(day, hour, minute, tz).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    wanted = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - a wall clock
    assert wanted <= local <= wanted + timedelta(days=1)


@given(days, zones)
def test_morning_is_nine_on_that_day_wherever_one_is(day: date, tz: str) -> None:
    assume((tz, day) != ("Pacific/Apia", date(2011, 12, 30)))  # Samoa went without this day
    local = morning(day, tz).astimezone(ZoneInfo(tz))
    assert (local.date(), local.hour, local.minute) == (day, 9, 0)
    assert local_day(morning(day, tz), tz) == day


@given(moments, st.integers(1, 10), st.integers(0, 23), zones, weeks)
def test_a_deadline_is_ahead_and_on_a_working_day(now: datetime, n: int, hour: int, tz: str, week: Week) -> None:
    closes = deadline(now, tz=tz, week=week, days=n, hour=hour)
    assert closes > now
    assert working_days_between(local_day(now, tz), local_day(closes, tz), week) in {n, n + 1}  # Samoa's lost day


def test_the_deadline_is_three_working_days_on_at_five_over_new_year() -> None:
    now = datetime(2026, 12, 30, 23, 30, tzinfo=UTC)  # already the 31st in Berlin
    assert deadline(now, tz="Europe/Berlin", week=BERLIN) == datetime(2027, 1, 6, 16, tzinfo=UTC)


def test_a_deadline_of_no_days_is_refused() -> None:
    with pytest.raises(WorkflowError):
        deadline(datetime(2026, 3, 2, tzinfo=UTC), tz="UTC", week=OFFICE, days=0)


@pytest.mark.parametrize(
    ("day", "week"),
    [("2026-12-31", "2026-W53"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"), ("2024-12-30", "2025-W01")],
)
def test_the_iso_week_belongs_to_the_year_of_its_thursday(day: str, week: str) -> None:
    assert iso_week(date.fromisoformat(day)) == week


@given(moments, moments)
def test_half_way_is_as_far_from_both_ends(a: datetime, b: datetime) -> None:
    opened, closes = min(a, b), max(a, b)
    middle = halfway(opened, closes)
    assert abs((middle - opened) - (closes - middle)) <= timedelta(microseconds=1)


def test_half_way_counts_real_hours_over_a_clock_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    opened, closes = datetime(2026, 3, 28, 12, tzinfo=berlin), datetime(2026, 3, 29, 12, tzinfo=berlin)
    assert halfway(opened, closes) == datetime(2026, 3, 28, 22, 30, tzinfo=UTC)


@given(moments, zones, weeks)
def test_the_last_working_morning_is_the_last_before_the_close(closes: datetime, tz: str, week: Week) -> None:
    last = last_working_morning(closes, tz, week)
    assert last < closes
    following = morning(next_working_day(local_day(last, tz), week), tz)
    assert week.works_on(local_day(last, tz))
    assert following >= closes


def test_a_ballot_that_closes_before_nine_is_reminded_of_the_working_day_before() -> None:
    monday_eight = datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert last_working_morning(monday_eight, "UTC", OFFICE) == datetime(2026, 3, 6, 9, tzinfo=UTC)


def test_the_ladder_of_a_friday() -> None:
    assert rungs(date(2026, 3, 13), OFFICE, date(2026, 3, 25)) == [
        Rung("before-7", date(2026, 3, 4), "owner"),
        Rung("before-2", date(2026, 3, 11), "owner"),
        Rung("due", date(2026, 3, 13), "owner"),
        Rung("late-2", date(2026, 3, 17), "owner"),
        Rung("sponsor-3", date(2026, 3, 18), "sponsor"),
        Rung("late-4", date(2026, 3, 19), "owner"),
        Rung("late-6", date(2026, 3, 23), "owner"),
        Rung("chair-7", date(2026, 3, 24), "chair"),
        Rung("late-8", date(2026, 3, 25), "owner"),
    ]


def test_what_is_due_on_a_free_day_is_due_on_the_next_working_day() -> None:
    ladder = rungs(date(2026, 12, 26), BERLIN, date(2026, 12, 30))
    assert [(rung.name, rung.day.isoformat()) for rung in ladder[1:]] == [
        ("before-2", "2026-12-23"),
        ("due", "2026-12-28"),
        ("late-2", "2026-12-30"),
    ]


@examples(50)
@given(days, weeks, st.integers(-20, 120))
def test_every_rung_is_a_working_day_named_once_and_kept_as_time_goes_on(due: date, week: Week, later: int) -> None:
    until = due + timedelta(days=later)
    ladder = rungs(due, week, until)
    assert all(week.works_on(rung.day) and rung.day <= until for rung in ladder)
    assert max(Counter(rung.name for rung in ladder).values(), default=1) == 1
    assert [rung for rung in rungs(due, week, until + timedelta(days=30)) if rung.day <= until] == ladder
    effective = next_working_day(due, week, inclusive=True)
    for rung in ladder:
        kind, _, n = rung.name.partition("-")
        assert working_days_between(effective, rung.day, week) == (-1 if kind == "before" else 1) * int(n or 0)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "\0"])
def test_an_unknown_zone_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(WorkflowError, match="time zone"):
        zone(name)


def test_naive_moments_are_refused() -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - naive on purpose
    aware = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time zone"):
        local_day(naive, "UTC")
    with pytest.raises(ValueError, match="no time zone"):
        deadline(naive, tz="UTC", week=OFFICE)
    with pytest.raises(ValueError, match="no time zone"):
        last_working_morning(naive, "UTC", OFFICE)
    with pytest.raises(ValueError, match="no time zone"):
        halfway(aware, naive)
