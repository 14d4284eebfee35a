"""The peers, in the order of the tables. Each is a class in a module of its own."""

import importlib

PEERS = {
    "trailsift": "trailsift:Trailsift",
    "reference": "trailsift:Reference",
    "sqlite": "sqlite_fts5:SqliteFts5",
    "duckdb": "duckdb_table:DuckDb",
    "clickhouse": "clickhouse:ClickHouse",
    "tantivy": "tantivy_index:Tantivy",
    "lucene": "lucene:Lucene",
    "victorialogs": "victorialogs:VictoriaLogs",
    "opensearch": "opensearch:OpenSearch",
    "ripgrep": "ripgrep:Ripgrep",
    "omega": "omega:Omega",
    "naive_xapian": "naive_xapian:NaiveXapian",
}


def peer_class(name):
    module, member = PEERS[name].split(":")
    return getattr(importlib.import_module(f"peers.{module}"), member)
