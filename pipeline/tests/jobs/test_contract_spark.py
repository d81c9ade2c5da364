"""Small parts of the jobs on Spark: the log of a session that others started, columns of nothing but nulls."""
import argparse

from .spark_support import SparkTestCase, frame_of, spark


class SessionTests(SparkTestCase):
    def test_sessionOfACluster_itsLogIsOff(self):
        from pipeline.jobs.common.run.session import Sessions
        root = spark()._jvm.org.apache.logging.log4j.LogManager.getRootLogger()
        spark().sparkContext.setLogLevel("WARN")
        other = Sessions()
        self.assertEqual("local[2]", other.get(argparse.Namespace(master=None, spark_conf=[])).sparkContext.master)
        other.close()
        self.assertEqual("OFF", root.getLevel().toString())
        self.assertEqual(3, spark().range(3).count())


class GoldTests(SparkTestCase):
    def test_monthRows_bytesThatAreAllNull_areNulls(self):
        from pipeline.jobs.silver_to_gold.transform import aggregate, month_rows
        frame = frame_of([(None, None, None)] * 2, "idade binary, ativo binary, salario binary")
        row, = aggregate(month_rows(frame, {name: name for name in frame.columns}, (2025, 1))).collect()
        self.assertEqual((None, None, None, 2, 0), (row["idade"], row["ativo"], row["salario_medio"], row["__rows"], row["__ignored"]))
