"""Every call that the runs of this process recorded is allowed by the policies of its caller. Runs after the suites that make the calls."""
# needs: moto, terraform, provider
import unittest

from support import iam, scenarios
from support.deployment import ACCOUNT
from support.emulator import REGION
from support.executions import Runner
from support.requirements import needs
from support.stacks import IS_QUICK, obtain


@needs("moto", "terraform", "provider")
@unittest.skipIf(IS_QUICK, "the quick stack has no policies")
class Permissions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = Runner(obtain())
        cls.addClassCleanup(cls.runner.close)
        cls.roles = iam.Roles(cls.runner.emulator.client("iam"))

    def test_no_permission_is_missing(self):
        calls = self.runner.emulator.all_requests()
        callers = {call["key"] for call in calls if call["key"] in self.roles}
        self.assertIn(self.runner.role, callers)
        self.assertEqual([], iam.missing(calls, self.roles, ACCOUNT, REGION))

    def test_executions_of_every_kind_have_their_permissions(self):
        scenarios.prepare(self.runner)
        wanted = ("success", "extraction_succeeds", "job_never_ends", "job_FAILED", "crawl_failed", "invalid_prefix")
        calls = []
        for scenario in scenarios.ALL:
            if scenario.name in wanted:
                scenarios.play(self.runner, scenario)
                calls += self.runner.emulator.requests()
        self.assertEqual([], iam.missing(calls, self.roles, ACCOUNT, REGION))


if __name__ == "__main__":
    unittest.main()
