#include "tests/bench/figures.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <utility>

#include "common/text/document.h"
#include "common/text/rope.h"
#include "tests/bench/wire.h"

namespace twinning::bench {
namespace {

using text::Author;
using text::Document;
using text::Edit;
using text::Splice;

void MustBe(bool ok) {
  if (!ok) std::abort();
}

template <typename T>
std::shared_ptr<const void> Kept(T value) {
  return std::make_shared<const T>(std::move(value));
}

// The text is part of it: some engines make it only when somebody asks.
std::shared_ptr<const void> Read(Document document) {
  std::string text = document.text();
  return Kept(Made{std::move(document), std::move(text)});
}

Document WithAuthors(const Trace& trace) {
  Document document;
  for (size_t i = 0; i < trace.agents; ++i) document.AddAuthor(AuthorName(i));
  return document;
}

void Append(const Edit& edit, Document& document) {
  MustBe(document.Append(edit.author, edit.parents, edit.splices).ok());
}

// The ceiling: the same splices on a text without any history.
Work TypeIntoRope(const Trace& trace) {
  return [&trace] {
    text::Rope rope;
    for (const Transaction& t : trace.transactions) {
      for (const Splice& s : t.splices) {
        rope.Erase(s.position, s.removed, nullptr);
        rope.Insert(s.position, s.inserted);
      }
    }
    return Kept(std::move(rope));
  };
}

// A sequential history as its author makes it.
Work Type(const Trace& trace) {
  return [&trace] {
    Document document = WithAuthors(trace);
    for (const Transaction& t : trace.transactions) {
      MustBe(document.Append(static_cast<Author>(t.agent), t.splices).ok());
    }
    return Kept(Made{std::move(document), {}});
  };
}

Work MergePerEdit(const Trace& trace) {
  return [&trace, edits = EditsOf(trace)] {
    Document document = WithAuthors(trace);
    for (const Edit& edit : edits) Append(edit, document);
    return Kept(Made{std::move(document), {}});
  };
}

// The same from bytes, as another replica would send them.
Work MergePerUpdate(const Trace& trace) {
  std::vector<std::string> updates;
  for (const Edit& edit : EditsOf(trace)) updates.push_back(UpdateOf(edit));
  return [&trace, updates = std::move(updates)] {
    Document document = WithAuthors(trace);
    Edit edit;
    for (const std::string& update : updates) {
      MustBe(ReadUpdate(update, edit));
      Append(edit, document);
    }
    return Kept(Made{std::move(document), {}});
  };
}

Work MergeInOneBatch(const Trace& trace) {
  return [&trace, edits = EditsOf(trace)] {
    Document document = WithAuthors(trace);
    MustBe(document.AppendAll(edits).ok());
    return Read(std::move(document));
  };
}

Document Merged(const Trace& trace) {
  Document document = WithAuthors(trace);
  MustBe(document.AppendAll(EditsOf(trace)).ok());
  return document;
}

Work Encode(const Trace& trace) {
  return [document = Merged(trace)] { return Kept(document.Encode()); };
}

Work Open(const Trace& trace) {
  return [bytes = Merged(trace).Encode()] {
    Document document = *Document::Open(bytes);
    return Read(std::move(document));
  };
}

Work Decode(const Trace& trace) {
  return [bytes = Merged(trace).Encode()] {
    Document document = *Document::Decode(bytes);
    return Read(std::move(document));
  };
}

const std::vector<std::pair<std::string, Work (*)(const Trace&)>> kFigures = {
    {"rope", TypeIntoRope},
    {"replay", Type},
    {"per_edit", MergePerEdit},
    {"per_update", MergePerUpdate},
    {"batch", MergeInOneBatch},
    {"encode", Encode},
    {"open", Open},
    {"decode", Decode},
};

bool IsTyping(const std::string& figure) { return figure == "rope" || figure == "replay"; }

}  // namespace

std::vector<std::string> FiguresOf(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& [name, prepare] : kFigures) {
    if (!trace.concurrent || !IsTyping(name)) names.push_back(name);
  }
  return names;
}

Work Prepare(const std::string& figure, const Trace& trace) {
  for (const auto& [name, prepare] : kFigures) {
    if (name == figure && !(trace.concurrent && IsTyping(name))) return prepare(trace);
  }
  throw std::runtime_error(trace.name + " has no figure " + figure);
}

double TimeOf(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::shared_ptr<const void> made = work();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  return taken.count();
}

double Median(int rounds, const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) times.push_back(TimeOf(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

nlohmann::ordered_json MeasureFigure(const std::string& figure, const Trace& trace, int rounds) {
  const Work work = Prepare(figure, trace);
  const double cold = TimeOf(work);
  return {{"cold_ms", cold}, {"warm_ms", Median(rounds, work)}};
}

}  // namespace twinning::bench
