// Things that happen to the sample partnership before somebody looks at it.

// Both towns write offline what differs: conflicts over a date, a deletion and a passage; a comment.
export async function disagree(world) {
  await world.serverGoes();
  world.ana.cli("set", "Teacher seminar", `deadline=${year()}-03-28`);
  world.ben.cli("set", "Teacher seminar", `deadline=${year()}-04-04`);
  world.ana.cli("delete", "Sports day");
  world.ben.cli("add", "responsibility", "function=organises", "activity=Sports day", "person=Chloé Martin");
  world.ana.cli("set", "Exchange visit", "description:en=Forty pupils, eight teachers. Host families in both towns.");
  world.ben.cli("set", "Exchange visit", "description:en=Thirty pupils and six teachers by coach. Host families in both towns.");
  const seminar = world.ben.json("list", "activity").find((one) => one.title === "Teacher seminar").id;
  world.ben.cli("add", "comment", `about=${seminar}`, "language=fr", "body:fr=Pouvons-nous commencer à dix heures ?");
  await world.serve();
  await synced(world);
}

export function year() {
  return new Date().getFullYear() + 1;
}

// Until both replicas say so.
export async function synced(world) {
  for (const hall of [world.ana, world.ben, world.ana]) hall.cli("sync");
}
