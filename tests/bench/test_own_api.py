"""How the benchmark of Trailsift's own API tells what it measured."""

import pytest

import own_api
from own_api import Figure


@pytest.mark.parametrize("rounds, median", [((3,), 3), ((9, 1, 2), 2), ((4, 1, 2, 8), 3)])
def test_each_figure_has_its_own_median(rounds, median):
    count = len(Figure._fields)
    figures = [Figure(*range(base, base + count)) for base in rounds]
    assert own_api.medians(figures) == Figure(*range(median, median + count))


def test_programs_are_measured_in_turns(monkeypatch, capsys):
    taken = []

    def measure(program, _):
        taken.append(program.name)
        return Figure(*[len(taken)] * len(Figure._fields))

    monkeypatch.setattr(own_api, "measure", measure)
    monkeypatch.setattr("sys.argv", ["own_api.py", "DATA", "--rounds", "2",
                                     "--program", "new", "--program", "old"])
    own_api.main()
    assert taken == ["new", "old", "new", "old"]
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [line.split(": ")[0] for line in lines] == [
        "new, round 1", "old, round 1", "new, round 2", "old, round 2",
        "new, medians", "old, medians"]
    assert "ndjson 2 MB/s" in lines[4] and "ndjson 3 MB/s" in lines[5]
