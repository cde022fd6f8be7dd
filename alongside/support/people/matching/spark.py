"""Splink over Spark, where one machine's memory cannot hold the records. Imported where the setting says so."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession
from splink.backends.spark import SparkAPI, similarity_jar_location

from alongside.support.people.matching.engines import Desk, Row

SET = {
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.enabled": "false",  # its pages would show the questions and some of their answers
    "spark.io.encryption.enabled": "true",  # what does not fit into memory goes to a disk, sealed
}


class SparkDesk(Desk):
    """A Spark session: local, or the cluster that `spark-defaults.conf` or SPARK_CONF_DIR names."""

    dialect = "spark"

    def __init__(self, rows: Iterable[Row]) -> None:
        made = SparkSession.builder.appName("Alongside matching").config("spark.jars", similarity_jar_location())
        for name, value in SET.items():
            made = made.config(name, value)
        self.held = made.getOrCreate()
        self.held.sparkContext.setLogLevel("ERROR")
        self.api = SparkAPI(spark_session=self.held, break_lineage_method="persist")
        super().__init__(rows)

    def put(self, name: str, table: pa.Table) -> None:
        columns = ", ".join(f"{one.name} {'string' if one.type == pa.string() else 'double'}" for one in table.schema)
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        frame = self.held.createDataFrame(rows, schema=columns)
        frame.persist().createOrReplaceTempView(name)

    def define(self, name: str, sql: str) -> None:
        self.held.sql(sql).persist().createOrReplaceTempView(name)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.held.sql(sql).collect()]

    def close(self) -> None:
        self.held.stop()
