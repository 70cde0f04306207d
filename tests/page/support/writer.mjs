// The page of somebody at another computer, as far as their program sees it: types a word at the end of a
// record's description over and over until its input ends. Says so when it begins, and at the end how many
// words were taken.
//
//   node support/writer.mjs ADDRESS TITLE
const [, , address, title] = process.argv;
const kWordMs = 200; // three keys

const [, origin, token] = /^(.*)\/#token=(.*)$/.exec(address);
const headers = { "X-Twinning-Token": token, "Content-Type": "application/json" };
async function ask(where, body) {
  const options = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
  return (await fetch(`${origin}/api/v1/partnerships${where}`, options)).json();
}

let over = false;
process.stdin.on("end", () => (over = true)).resume();

const lengthOf = (text) => [...text].length;
const [{ id }] = await ask("");
const [found] = await ask(`/${id}/search?words=${encodeURIComponent(title)}`);
const text = `/${id}/texts/${found.id}/description/en`;
const opened = await ask(text);
console.log("typing");
let [version, length, taken] = [opened.version, lengthOf(opened.text), 0];
while (!over) {
  const splices = [{ at: length, remove: 0, insert: "et " }];
  const answer = await ask(text, { life: opened.life, version, client: "writer", splices });
  version = answer.version;
  if (answer.accepted) {
    length += 3;
    ++taken;
    await new Promise((done) => setTimeout(done, kWordMs));
  } else {
    // Somebody was quicker: again, on what they wrote.
    for (const one of answer.steps.flatMap((step) => step.splices)) length += lengthOf(one.insert ?? "") - (one.remove ?? 0);
  }
}
console.log(taken);
