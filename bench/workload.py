"""What is asked: each query once, as data, and what it means for one event.

A query is a list of conditions that must all hold, and what is wanted of its hits. Each peer spells
the conditions in its own language (bench/peers/).
"""

import dataclasses
import functools
import re
import time as clock

from deliveries import POSITION, text_of, values_of

FACETS = ["event_source", "event_name", "aws_region", "user_identity_type", "event_type",
          "recipient_account_id", "error_code", "source_ip_address"]
FACET_SIZE = 10
PAGE = 50
HOUR, DAY = 3600, 86_400


@dataclasses.dataclass(frozen=True)
class Is:
    """The exact field has the value."""

    field: str
    value: str

    def holds(self, event):
        return event.fields[POSITION[self.field]] == self.value


@dataclasses.dataclass(frozen=True)
class Prefix:
    """The exact field's value begins with the text."""

    field: str
    text: str

    def holds(self, event):
        return (event.fields[POSITION[self.field]] or "").startswith(self.text)


@dataclasses.dataclass(frozen=True)
class Wildcard:
    """The exact field's value is like the pattern, in which each `*` stands for any characters."""

    field: str
    pattern: str

    def regex(self):
        return ".*".join(map(re.escape, self.pattern.split("*")))

    def holds(self, event):
        value = event.fields[POSITION[self.field]]
        return value is not None and re.fullmatch(self.regex(), value, re.DOTALL) is not None


@dataclasses.dataclass(frozen=True)
class During:
    """The event's time is in [begin, end), seconds since 1970."""

    begin: int
    end: int

    def holds(self, event):
        return self.begin <= event.time < self.end


@dataclasses.dataclass(frozen=True)
class Words:
    """Any leaf value has the text's words one right after the other. Words are what stands between
    characters that are neither letters nor digits, in any case."""

    text: str

    def words(self):
        return [word for word in re.split(r"[\W_]+", self.text.lower()) if word]

    def holds(self, event):
        if self.words()[-1] not in event.raw.lower():
            return False
        return self.regex().search("\0".join(values_of(event.record)).lower()) is not None

    @functools.cache
    def regex(self):
        """Of the words in values, with a zero byte after each value."""
        between = r"(?:[^\w\0]|_)+"
        return re.compile(r"(?<![^\W_])" + between.join(self.words()) + r"(?![^\W_])")


@dataclasses.dataclass(frozen=True)
class Leaf:
    """Any leaf value at the path, through arrays, is the value."""

    path: str
    value: str

    def holds(self, event):
        return self.value in texts_at(event.record, self.path.split("."))


@dataclasses.dataclass(frozen=True)
class Not:
    condition: object

    def holds(self, event):
        return not self.condition.holds(event)


def texts_at(value, path):
    if isinstance(value, list):
        for child in value:
            yield from texts_at(child, path)
    elif path:
        if isinstance(value, dict) and path[0] in value:
            yield from texts_at(value[path[0]], path[1:])
    elif value is not None and not isinstance(value, dict):
        yield text_of(value)


@dataclasses.dataclass(frozen=True)
class Query:
    """Events for which every condition holds. The count is always wanted."""

    name: str
    where: tuple = ()
    newest: int = 0  # So many hits, newest first, with the original record.
    facets: bool = False  # The FACET_SIZE most frequent values of each of FACETS.
    histogram: bool = False  # Hits by hour.


@dataclasses.dataclass(frozen=True)
class Examples:
    """Values that the queries ask for, all found in the data (see survey.py)."""

    source: str
    error: str
    account: str
    instance: str
    leaf_path: str
    leaf_value: str
    actor_pattern: str
    last_day: int  # The beginning of the newest event's day.
    word: str = "role"


def queries(examples):
    """The table of the benchmark."""
    week = During(examples.last_day - 7 * DAY, examples.last_day)
    middle = examples.last_day - 3 * DAY
    return [
        Query("source", (Is("event_source", examples.source),), newest=PAGE),
        Query("all", facets=True),
        Query("failures", (Is("error_code", examples.error),
                           Is("recipient_account_id", examples.account), week),
              facets=True, histogram=True),
        Query("created", (Prefix("event_name", "Create"),
                          Not(Is("event_name", "CreateLogStream"))), newest=PAGE),
        Query("instance", (Words(examples.instance),), newest=PAGE),
        Query("word", (Words(examples.word),), facets=True),
        Query("day", (During(middle, middle + DAY),), newest=PAGE),
        Query("leaf", (Leaf(examples.leaf_path, examples.leaf_value),), newest=PAGE),
        Query("wildcard", (Wildcard("user_identity_arn", examples.actor_pattern),), newest=PAGE),
    ]


def in_words(query):
    """The query for people."""
    spelled = [spell_for_people(condition) for condition in query.where] or ["everything"]
    wanted = [f"newest {query.newest}"] if query.newest else []
    wanted += ["8 facets"] if query.facets else []
    wanted += ["hourly histogram"] if query.histogram else []
    return f"{' and '.join(spelled)}: count, {', '.join(wanted)}"


def date(seconds):
    return clock.strftime("%Y-%m-%d", clock.gmtime(seconds))


def spell_for_people(condition):
    match condition:
        case Is(field, value):
            return f"{field} is `{value}`"
        case Prefix(field, text):
            return f"{field} begins with `{text}`"
        case Wildcard(field, pattern):
            return f"{field} is like `{pattern}`"
        case During(begin, end):
            return f"from {date(begin)} to before {date(end)}"
        case Words(text):
            return f"`{text}` anywhere"
        case Leaf(path, value):
            return f"{path} is `{value}`"
        case Not(inner):
            return "not " + spell_for_people(inner)
