// One adapter a peer, each with the fastest calls that its documentation names:
//   units                    what a position counts: 'utf16' or 'codePoints'
//   create(agent)            a replica
//   edit(doc, patches)       local edits; returns the replica and the update to send, as bytes, or
//                            null where nothing changed
//   type(doc, patches)       the same where no update is wanted
//   apply(doc, update)       one update from another replica
//   batches                  ways to take in many updates in one call, by name; the fastest counts
//   save(doc), load(bytes)   the whole history, in the format that the documentation recommends
//   applySaved(doc, bytes)   merges a saved history into a replica
//   text(doc), length(doc)   the length in units
// A call may return a new replica (automerge's values are immutable), so callers keep the result.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// Ids sort like numbers, so that peers that order by id order alike.
export const authorName = (number) => `author ${String(number).padStart(6, '0')}`;

function splice(text, patches, insert, remove) {
  for (const [position, removed, inserted] of patches) {
    if (removed > 0) text[remove](position, removed);
    if (inserted.length > 0) text[insert](position, inserted);
  }
}

async function yjs() {
  const Y = await import('yjs');
  const type = (doc, patches) => {
    doc.transact(() => splice(doc.getText('t'), patches, 'insert', 'delete'));
    return doc;
  };
  const apply = (doc, update) => (Y.applyUpdate(doc, update), doc);
  const applySaved = (doc, bytes) => (Y.applyUpdateV2(doc, bytes), doc);
  const create = (agent) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = agent + 1;
    return doc;
  };
  return {
    units: 'utf16',
    create,
    type,
    edit: (doc, patches) => {
      let update = null;
      const keep = (bytes) => (update = bytes);
      doc.on('update', keep);
      type(doc, patches);
      doc.off('update', keep);
      return [doc, update];
    },
    apply,
    batches: {
      'one transaction': (doc, updates) => {
        doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
        return doc;
      },
      mergeUpdates: (doc, updates) => apply(doc, Y.mergeUpdates(updates)),
    },
    save: (doc) => Y.encodeStateAsUpdateV2(doc),
    load: (bytes) => applySaved(new Y.Doc({ gc: false }), bytes),
    applySaved,
    text: (doc) => doc.getText('t').toString(),
    length: (doc) => doc.getText('t').length,
  };
}

async function loro() {
  const { LoroDoc } = await import('loro-crdt');
  const type = (doc, patches) => (splice(doc.getText('t'), patches, 'insert', 'delete'), doc);
  const apply = (doc, update) => (doc.import(update), doc);
  return {
    units: 'utf16',
    create: (agent) => {
      const doc = new LoroDoc();
      doc.setPeerId(BigInt(agent + 1));
      return doc;
    },
    type,
    edit: (doc, patches) => {
      const from = doc.oplogVersion();
      type(doc, patches);
      doc.commit();
      return [doc, patches.length > 0 ? doc.export({ mode: 'update', from }) : null];
    },
    apply,
    batches: { importBatch: (doc, updates) => (doc.importBatch(updates), doc) },
    save: (doc) => (doc.commit(), doc.export({ mode: 'snapshot' })),
    load: (bytes) => apply(new LoroDoc(), bytes),
    applySaved: apply,
    text: (doc) => doc.getText('t').toString(),
    length: (doc) => doc.getText('t').length,
  };
}

async function automerge() {
  const A = await import('@automerge/automerge');
  const start = A.change(A.init({ actor: 'ff'.repeat(16) }), { time: 0 }, (d) => {
    d.t = '';
  });
  const type = (doc, patches) =>
    A.change(doc, { time: 0 }, (d) => {
      for (const [position, removed, inserted] of patches) {
        A.splice(d, ['t'], position, removed, inserted);
      }
    });
  const applyChanges = (doc, updates) => A.applyChanges(doc, updates)[0];
  return {
    units: 'utf16',
    create: (agent) => A.clone(start, { actor: (agent + 1).toString(16).padStart(32, '0') }),
    type,
    edit: (doc, patches) => {
      const next = patches.length > 0 ? type(doc, patches) : doc;
      return [next, next === doc ? null : A.getLastLocalChange(next)];
    },
    apply: (doc, update) => applyChanges(doc, [update]),
    batches: {
      applyChanges,
      loadIncremental: (doc, updates) => A.loadIncremental(doc, Buffer.concat(updates)),
    },
    save: (doc) => A.save(doc),
    load: (bytes) => A.load(bytes),
    applySaved: (doc, bytes) => A.loadIncremental(doc, bytes),
    text: (doc) => doc.t.toString(),
    length: (doc) => doc.t.length,
  };
}

async function diamondTypes() {
  const { Doc, OpLog } = require('diamond-types-node');
  const type = (doc, patches) => (splice(doc, patches, 'ins', 'del'), doc);
  const apply = (doc, update) => (doc.mergeBytes(update), doc);
  return {
    units: 'codePoints',
    create: (agent) => new Doc(authorName(agent)),
    type,
    edit: (doc, patches) => {
      const from = doc.getLocalVersion();
      type(doc, patches);
      return [doc, patches.length > 0 ? doc.getPatchSince(from) : null];
    },
    apply,
    batches: {
      'addFromBytes, checkout': (_, updates) => {
        const log = new OpLog();
        for (const update of updates) log.addFromBytes(update);
        return { get: () => log.checkout().get(), toBytes: () => log.toBytes() };
      },
    },
    // The only peer that takes edits at the versions they were made at, as our engine does.
    graph: (trace) => {
      const log = new OpLog();
      const versions = [];
      let agent = -1;
      for (const txn of trace.txns) {
        if (txn.agent !== agent) log.setAgent(authorName((agent = txn.agent)));
        let version = parentsOf(txn, versions);
        for (const [position, removed, inserted] of txn.patches) {
          if (removed > 0) version = [log.del(position, removed, Uint32Array.from(version))];
          if (inserted) version = [log.ins(position, inserted, Uint32Array.from(version))];
        }
        versions.push(version);
      }
      return log.checkout();
    },
    save: (doc) => doc.toBytes(),
    load: (bytes) => Doc.fromBytes(bytes, 'reader'),
    applySaved: apply,
    text: (doc) => doc.get(),
    length: (doc) => doc.len(),
  };
}

function parentsOf(txn, versions) {
  if (txn.parents.length === 1) return versions[txn.parents[0]];
  return [...new Set(txn.parents.flatMap((parent) => versions[parent]))].sort((a, b) => a - b);
}

async function jsonJoy() {
  const { Model } = require('json-joy/lib/json-crdt');
  const { Patch } = require('json-joy/lib/json-crdt-patch');
  const schema = Model.create(undefined, 65535);
  schema.api.set('');
  schema.api.flush();
  const type = (doc, patches) => (splice(doc.api.str([]), patches, 'ins', 'del'), doc);
  return {
    units: 'utf16',
    create: (agent) => schema.fork(100000 + agent),
    type,
    edit: (doc, patches) => {
      type(doc, patches);
      const patch = patches.length > 0 ? doc.api.flush() : null;
      return [doc, patch && patch.ops.length > 0 ? patch.toBinary() : null];
    },
    apply: (doc, update) => (doc.applyPatch(Patch.fromBinary(update)), doc),
    batches: {
      applyBatch: (doc, updates) => (doc.applyBatch(updates.map((u) => Patch.fromBinary(u))), doc),
    },
    save: (doc) => (doc.api.flush(), doc.toBinary()),
    load: (bytes) => Model.fromBinary(bytes),
    applySaved: (doc, bytes) => Model.fromBinary(bytes),
    text: (doc) => doc.view(),
    length: (doc) => doc.api.str([]).length(),
  };
}

export const peers = {
  yjs,
  loro,
  automerge,
  'diamond-types': diamondTypes,
  'json-joy': jsonJoy,
};
