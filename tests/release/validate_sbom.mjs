// Validates a bill of materials with the library and the schema of CycloneDX: node validate_sbom.mjs FILE
import { readFileSync } from "node:fs";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";

const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(readFileSync(process.argv[2], "utf8"));
if (problem !== null) {
  console.error(JSON.stringify(problem, null, 1).slice(0, 3000));
  process.exit(1);
}
