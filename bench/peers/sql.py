"""What the peers that are asked in SQL have in common."""

from peers.peer import Asking, Peer
from truth import Answer
from workload import FACET_SIZE, FACETS, HOUR


def text(value):
    """As a string of SQL."""
    return "'" + value.replace("'", "''") + "'"


def like(pattern):
    """As a pattern of LIKE with the escape character `\\`; `*` stands for any characters."""
    for special in "\\%_":
        pattern = pattern.replace(special, "\\" + special)
    return pattern.replace("*", "%")


class SqlPeer(Peer):
    """A database in the process with a table `events`: the exact fields, time, record."""

    divide = "/"  # Whole numbers, rounded down.

    def __init__(self, directory):
        super().__init__(directory)
        self.database = None

    def spell(self, condition):
        """A condition in SQL."""
        raise NotImplementedError

    def keep_hits(self, where):
        """Fills the table `hits` with the time and the facets' fields of the hits."""
        raise NotImplementedError

    def prepare(self, query):
        where = " AND ".join(map(self.spell, query.where)) or "TRUE"
        if query.facets:
            return Asking(lambda: self.ask_facets(query, where),
                          lambda result: Answer(result[0], None, *result[1:]))
        count = f"SELECT count(*) FROM events WHERE {where}"
        newest = (f"SELECT event_id, record FROM events WHERE {where} "
                  f"ORDER BY time DESC LIMIT {query.newest}")
        execute = self.database.execute
        return Asking(lambda: (execute(count).fetchone()[0], execute(newest).fetchall()),
                      lambda result: Answer(*result))

    def ask_facets(self, query, where):
        """Counts everything as it is; with conditions, the hits' columns, which are found once."""
        execute = self.database.execute
        hits = "events"
        if query.where:
            self.keep_hits(where)
            hits = "hits"
        count = execute(f"SELECT count(*) FROM {hits}").fetchone()[0]
        facets = {field: dict(execute(
            f"SELECT {field}, count(*) FROM {hits} WHERE {field} IS NOT NULL "
            f"GROUP BY 1 ORDER BY 2 DESC LIMIT {FACET_SIZE}").fetchall()) for field in FACETS}
        hours = dict(execute(f"SELECT time {self.divide} {HOUR} * {HOUR}, count(*) FROM {hits} "
                             "GROUP BY 1").fetchall()) if query.histogram else None
        return count, facets, hours

    def close(self):
        if self.database:
            self.database.close()
