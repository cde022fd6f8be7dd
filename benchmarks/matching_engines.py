"""The same records trained and linked by Spark and by DuckDB: whether the same pairs are found, and weighed alike.

Run `python -m benchmarks.matching_engines` where Java 17 and `splink[spark]` are (docs/operator.md, Matching); Spark's
own settings come from SPARK_CONF_DIR or PYSPARK_SUBMIT_ARGS.
"""

import argparse
import json
import os
import time

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_match")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings

from alongside.support.people.matching import training
from alongside.support.people.matching.tests.county import county

LEAST, ALIKE = 7.0, 0.01


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--records", type=int, default=12_000)
    people = county(words.parse_args().records, seed=5)
    found, took, trained = {}, {}, None
    for engine in ("spark", "duckdb"):
        settings.MATCH_ENGINE = engine
        started = time.perf_counter()
        trained = trained or training.train(one.row for one in people)
        linking = time.perf_counter()
        linked = training.link((one.row for one in people), trained, least=LEAST)
        found[engine] = {(one.left, one.right): one.weight for one in linked}
        took[engine] = {"train": round(linking - started, 1), "link": round(time.perf_counter() - linking, 1)}
    spark, duck = found["spark"], found["duckdb"]
    both = spark.keys() & duck.keys()
    print(json.dumps({
        "records": len(people), "seconds": took, "pairs": len(both),
        "found by one alone": len(spark.keys() ^ duck.keys()),
        "weighed otherwise": sum(abs(spark[pair] - duck[pair]) > ALIKE for pair in both),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
