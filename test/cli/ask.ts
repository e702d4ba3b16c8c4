import { canAsk, confirm, type Question } from "../../src/cli/confirm.ts";
import { OnDeleteError } from "../../src/index.ts";

// Asks one question, given as JSON, and says how it ended. Run in a terminal by confirm.test.ts.
const question: Question = JSON.parse(process.argv[2] ?? "");
if (!canAsk()) console.log("answer: nobody can be asked");
else {
  const answer = await confirm(question, new AbortController().signal).then(
    () => "yes",
    (error: unknown) => (error instanceof OnDeleteError ? error.code : String(error)),
  );
  console.log(`answer: ${answer}`);
}
