// Says of each Debian package what is in it and what it was made from: PACKAGE.cdx.json lists the
// libraries (CycloneDX 1.5), PACKAGE.intoto.json the source and the build (SLSA provenance v1, in-toto).
//
//   node deploy/packaging/provenance.mjs PACKAGE.deb ...
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kPackages = fs.readFileSync(path.join(root, "deploy/packages"), "utf8");

const run = (...words) => execFileSync(words[0], words.slice(1), { encoding: "utf8", cwd: root, stdio: ["ignore", "pipe", "ignore"] }).trim();
const sha256 = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex");
const time = (seconds) => new Date(seconds * 1000).toISOString();

function debian(names) {
  const asked = ["dpkg-query", "-W", "-f=${Package} ${Version} ${Architecture}\n", ...names];
  return run(...asked).split("\n").map((line) => {
    const [name, version, architecture] = line.split(" ");
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-12`;
    return { type: "library", name, version, purl, "bom-ref": purl };
  });
}

// The packages of the shared libraries that the programs of a Debian package are linked with.
function linked(deb) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "twinning-bom-"));
  run("dpkg-deb", "-x", deb, folder);
  const files = run("find", folder, "-type", "f", "-executable").split("\n");
  const libraries = new Set();
  for (const file of files) {
    if (fs.readFileSync(file).subarray(1, 4).toString() !== "ELF") continue;
    for (const [, library] of run("ldd", file).matchAll(/=> (\/\S+)/g)) libraries.add(fs.realpathSync(library));
  }
  fs.rmSync(folder, { recursive: true });
  return [...new Set([...libraries].map((one) => owner(one)))].sort();
}

// dpkg knows some libraries by /lib, some by /usr/lib.
function owner(library) {
  const names = [library, library.replace(/^\/usr/, ""), `/usr${library}`];
  for (const name of names) {
    try {
      return run("dpkg", "-S", name).split(":")[0];
    } catch {
      // The next name.
    }
  }
  throw new Error(`no Debian package has ${library}`);
}

// Libraries whose headers, or archives, become part of a program; those of the tests do not.
const kOfTests = new Set(["libgtest-dev", "libgmock-dev", "zlib1g-dev"]);
const kBuiltIn = [...kPackages.matchAll(/^(\S+-dev)\s/gm)].map((match) => match[1]).filter((name) => !kOfTests.has(name));
const kTools = ["gcc-12", "cmake", "ninja-build", "mold", "protobuf-compiler", "protobuf-compiler-grpc", "libc6-dev", "libstdc++-12-dev"];

// What the page brings to the browser, at the versions of the lock file.
function npm() {
  const lock = JSON.parse(fs.readFileSync(path.join(root, "client/page/package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([where, one]) => where !== "" && !one.dev)
    .map(([where, { version, license, integrity }]) => {
      const name = where.replace(/^.*node_modules\//, "");
      const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
      const [algorithm, digest] = (integrity ?? "").split("-", 2);
      return {
        type: "library", name, version, purl, "bom-ref": purl,
        ...(license ? { licenses: [{ license: { id: license } }] } : {}),
        ...(algorithm === "sha512" ? { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] } : {}),
      };
    });
}

const commit = run("git", "rev-parse", "HEAD");
const changed = run("git", "status", "--porcelain") !== "";
const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? run("git", "log", "-1", "--format=%ct"));

for (const deb of process.argv.slice(2)) {
  const digest = sha256(deb);
  const [name, version, architecture] = ["Package", "Version", "Architecture"].map((field) => run("dpkg-deb", "-f", deb, field));
  const purl = `pkg:deb/twinning/${name}@${version}?arch=${architecture}`;
  const seen = new Set();
  const components = [...debian([...linked(deb), ...kBuiltIn]), ...(name === "twinning-client" ? npm() : [])]
    .filter((one) => !seen.has(one.purl) && seen.add(one.purl))
    .sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: time(epoch),
      component: { type: "application", name, version, purl, "bom-ref": purl, licenses: [{ license: { id: "Apache-2.0" } }], hashes: [{ alg: "SHA-256", content: digest }] },
    },
    components,
    dependencies: [{ ref: purl, dependsOn: components.map((one) => one.purl) }],
  };
  const lock = "client/page/package-lock.json";
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: path.basename(deb), digest: { sha256: digest } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://twinning.example/deploy/build-packages/v1",
        externalParameters: { command: "deploy/build-packages", version, preset: "release" },
        internalParameters: { sourceDateEpoch: epoch, uncommittedChanges: changed },
        resolvedDependencies: [
          { name: "source", uri: "git+file:twinning", digest: { gitCommit: commit } },
          { name: lock, uri: `file:${lock}`, digest: { sha256: sha256(path.join(root, lock)) } },
          ...debian(kTools).map((one) => ({ name: one.name, uri: one.purl })),
        ],
      },
      runDetails: { builder: { id: "https://twinning.example/builders/debian-12-by-hand" } },
    },
  };
  for (const [ending, what] of [["cdx", bom], ["intoto", statement]]) {
    fs.writeFileSync(deb.replace(/\.deb$/, `.${ending}.json`), JSON.stringify(what, null, 1) + "\n");
  }
}
