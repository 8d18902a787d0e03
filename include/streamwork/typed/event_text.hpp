// An event as JSON, for people who look at it.
#pragma once

#include <streamwork/typed/json_encode.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <string>

namespace streamwork::typed {

/// Appends it; a string that says so, if its type has no such form.
template <class Event>
void describe_event(const Event& event, std::string& json) {
  if constexpr (has_text_form<Event>()) {
    TextWriter writer(json);
    write_json(writer, event);
    writer.finish();
  } else {
    json += "\"(an event of a type that has no JSON form)\"";
  }
}

}  // namespace streamwork::typed
