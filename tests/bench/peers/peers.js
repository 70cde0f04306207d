// One adapter a peer, each with the fastest calls its documentation names:
//   create(agent)            a replica
//   edit(doc, patches)       local edits, positions in UTF-16 units; returns the update to send
//   type(doc, patches)       the same where no update is wanted
//   apply(doc, update)       one update from another replica; applyAll(doc, updates) many at once
//   save(doc), load(bytes), text(doc)
// A call may return a new replica (automerge's values are immutable), so callers keep the result.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const hasAny = (s) => s.length > 0;

export const peers = {
  yjs: async () => {
    const Y = await import('yjs');
    const edit = (doc, patches) => {
      let update = null;
      const keep = (u) => (update = u);
      doc.on('update', keep);
      const text = doc.getText('t');
      doc.transact(() => splice(text, patches));
      doc.off('update', keep);
      return [doc, update];
    };
    const splice = (text, patches) => {
      for (const [position, removed, inserted] of patches) {
        if (removed > 0) text.delete(position, removed);
        if (hasAny(inserted)) text.insert(position, inserted);
      }
    };
    const apply = (doc, update) => (Y.applyUpdate(doc, update), doc);
    return {
      create: (agent) => {
        const doc = new Y.Doc({ gc: false });
        doc.clientID = agent + 1;
        return doc;
      },
      edit,
      type: (doc, patches) => (doc.transact(() => splice(doc.getText('t'), patches)), doc),
      apply,
      applyAll: (doc, updates) => apply(doc, Y.mergeUpdates(updates)),
      save: (doc) => Y.encodeStateAsUpdateV2(doc),
      load: (bytes) => {
        const doc = new Y.Doc({ gc: false });
        Y.applyUpdateV2(doc, bytes);
        return doc;
      },
      text: (doc) => doc.getText('t').toString(),
    };
  },

  loro: async () => {
    const { LoroDoc } = await import('loro-crdt');
    const type = (doc, patches) => {
      const text = doc.getText('t');
      for (const [position, removed, inserted] of patches) {
        if (removed > 0) text.delete(position, removed);
        if (hasAny(inserted)) text.insert(position, inserted);
      }
      return doc;
    };
    return {
      create: (agent) => {
        const doc = new LoroDoc();
        doc.setPeerId(BigInt(agent + 1));
        return doc;
      },
      edit: (doc, patches) => {
        const from = doc.oplogVersion();
        type(doc, patches);
        doc.commit();
        return [doc, doc.export({ mode: 'update', from })];
      },
      type,
      apply: (doc, update) => (doc.import(update), doc),
      applyAll: (doc, updates) => (doc.importBatch(updates), doc),
      save: (doc) => (doc.commit(), doc.export({ mode: 'snapshot' })),
      load: (bytes) => {
        const doc = new LoroDoc();
        doc.import(bytes);
        return doc;
      },
      text: (doc) => doc.getText('t').toString(),
    };
  },

  automerge: async () => {
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
    const applyAll = (doc, updates) => A.applyChanges(doc, updates)[0];
    return {
      create: (agent) =>
        A.clone(start, { actor: (agent + 1).toString(16).padStart(32, '0') }),
      edit: (doc, patches) => {
        const next = type(doc, patches);
        return [next, A.getLastLocalChange(next)];
      },
      type,
      apply: (doc, update) => applyAll(doc, [update]),
      applyAll,
      save: (doc) => A.save(doc),
      load: (bytes) => A.load(bytes),
      text: (doc) => doc.t.toString(),
    };
  },

  'diamond-types': async () => {
    const { Doc } = require('diamond-types-node');
    const type = (doc, patches) => {
      for (const [position, removed, inserted] of patches) {
        if (removed > 0) doc.del(position, removed);
        if (hasAny(inserted)) doc.ins(position, inserted);
      }
      return doc;
    };
    return {
      create: (agent) => new Doc(`agent ${agent}`),
      edit: (doc, patches) => {
        const from = doc.getLocalVersion();
        type(doc, patches);
        return [doc, doc.getPatchSince(from)];
      },
      type,
      apply: (doc, update) => (doc.mergeBytes(update), doc),
      // There is no call for many patches; a whole document is one.
      applyAll: null,
      applyState: (doc, bytes) => (doc.mergeBytes(bytes), doc),
      save: (doc) => doc.toBytes(),
      load: (bytes) => Doc.fromBytes(bytes, 'reader'),
      text: (doc) => doc.get(),
    };
  },

  'json-joy': async () => {
    const { Model } = require('json-joy/lib/json-crdt');
    const schema = Model.create(undefined, 65535);
    schema.api.set('');
    const type = (doc, patches) => {
      const text = doc.api.str([]);
      for (const [position, removed, inserted] of patches) {
        if (removed > 0) text.del(position, removed);
        if (hasAny(inserted)) text.ins(position, inserted);
      }
      return doc;
    };
    return {
      create: (agent) => {
        const doc = schema.fork(100000 + agent);
        doc.api.autoFlush?.(false);
        return doc;
      },
      edit: (doc, patches) => (type(doc, patches), [doc, doc.api.flush()]),
      type,
      apply: (doc, update) => (doc.applyPatch(update), doc),
      applyAll: (doc, updates) => (doc.applyBatch(updates), doc),
      save: (doc) => (doc.api.flush(), doc.toBinary()),
      load: (bytes) => Model.fromBinary(bytes),
      text: (doc) => doc.view(),
    };
  },
};
