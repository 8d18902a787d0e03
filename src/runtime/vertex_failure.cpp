// What the typed code does about exceptions and bad events, compiled once.
#include <exception>
#include <streamwork/errors.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/side_outputs.hpp>

namespace streamwork::typed {

void rethrow_for(const VertexInstance& vertex) {
  try {
    throw;
  } catch (const VertexError&) {
    throw;
  } catch (const std::exception& error) {
    throw VertexError(vertex.name, vertex.instance, error.what());
  } catch (...) {
    throw VertexError(vertex.name, vertex.instance, "an exception that is no std::exception");
  }
}

void BadEventHandler::handle(const BadEvent& bad, DeadLetter letter) {
  letter.vertex = vertex_->name;
  letter.instance = vertex_->instance;
  letter.reason = bad.what();
  if (bad.offset() != BadEvent::no_offset) letter.offset = static_cast<std::int64_t>(bad.offset());
  switch (action_) {
    case BadEventPolicy::Action::skip:
      return;
    case BadEventPolicy::Action::dead_letter:
      side_->emit(std::move(letter));
      return;
    case BadEventPolicy::Action::fail:
      break;
  }
  std::string message = "bad event: " + letter.reason;
  if (letter.position >= 0) message += ", in the line at byte " + std::to_string(letter.position) + " of its input";
  if (!letter.text.empty()) message += ": " + letter.text.substr(0, 200) + (letter.text.size() > 200 ? "…" : "");
  throw VertexError(letter.vertex, letter.instance, message);
}

}  // namespace streamwork::typed
