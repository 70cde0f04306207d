// One line of the log, as --json writes it.
#pragma once

#include <functional>

#include "client/desk/json.h"
#include "client/desk/retelling.h"

namespace twinning::desk {

// {"sequence", "entry": "change" and so on, "time", "author", "town", "change", "change_set",
// "what": [sentences], "deeds": [{"deed": "agree" and so on, "record", "kind", "title", "field"}],
// "refused", "member": {"action", "town", "name", "role"}, "changes": [{"record", "made", "kind",
// "title", "fields"}]}; null where it does not apply. `field` writes one change of a field.
Json LogItemJson(const Telling& telling,
                 const std::function<Json(const FieldChange&)>& field = ChangeJson);

// {"record", "kind", "title"}: how a record is called; null what the plan does not know.
Json NamedJson(const plan::Plan& plan, const RecordId& id);

// What somebody did: [{"deed": "agree" and so on, "record", "kind", "title", "field"}].
Json DeedsJson(const plan::Plan& plan, const v1::Edits& edits);
// "no_right": for readers of other languages.
std::string ReasonCode(v1::RefusalReason reason);

// A field's change for a reader who needs no whole texts: as ChangeJson, a text's instead as
// {"field", "language", "pieces": [{"is": "same", "added" or "removed", "text"}]} of the passage
// that differs, with a few words around it.
Json PassageJson(const FieldChange& change);

}  // namespace twinning::desk
