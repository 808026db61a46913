#include "files/strict_json.h"

#include "error.h"

#include <algorithm>
#include <set>
#include <vector>

namespace whirlygig {

namespace {

using nlohmann::json;

// Watches the parser at work: called at each start, end, name and value, it stops what the
// finished value could no longer tell (names that occur twice) or should never become (too deep).
class Watch {
public:
    Watch(const std::string& source, std::size_t depth_limit)
        : source(source),
          depth_limit(depth_limit) {}

    void see(json::parse_event_t event, const json& parsed) {
        switch (event) {
        case json::parse_event_t::object_start:
        case json::parse_event_t::array_start:
            if (names.size() == depth_limit) {
                fail("{} nests its values more than {} deep; is it the right file?", source,
                     depth_limit);
            }
            names.emplace_back();
            break;
        case json::parse_event_t::object_end:
        case json::parse_event_t::array_end:
            names.pop_back();
            break;
        case json::parse_event_t::key: {
            const auto& name = parsed.get_ref<const std::string&>();
            if (!names.back().insert(name).second) {
                fail("{} holds the name {} twice; remove or rename one", source, shown(name));
            }
            break;
        }
        case json::parse_event_t::value:
            break;
        }
        if (++count > limit) fail("{} holds more than {} values; split it up", source, limit);
    }

private:
    static constexpr std::size_t limit = 1'000'000;
    const std::string& source;
    const std::size_t depth_limit;
    std::size_t count = 0;
    std::vector<std::set<std::string>> names; // of each object that is still open; lists have none
};

// `position` counts bytes from 0.
[[noreturn]] void fail_at(std::size_t position, std::string_view text, const std::string& source) {
    const std::string_view before = text.substr(0, std::min(position, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') + 1); // npos + 1 is 0
    fail("{}, line {}, column {}: not valid JSON; look for a missing comma, quote or bracket, or "
         "text that is not UTF-8",
         source, line, column + 1);
}

} // namespace

json parse_json(std::string_view text, const std::string& source, std::size_t depth_limit) {
    // The library takes a zero byte for the end and would not look at what follows.
    if (const auto zero = text.find('\0'); zero != text.npos) fail_at(zero, text, source);
    Watch watch(source, depth_limit);
    try {
        return json::parse(text.begin(), text.end(),
                           [&watch](int, json::parse_event_t event, const json& parsed) {
                               watch.see(event, parsed);
                               return true; // keep the value
                           });
    } catch (const json::parse_error& error) {
        fail_at(std::max<std::size_t>(error.byte, 1) - 1, text, source);
    } catch (const json::out_of_range&) {
        fail("{} holds a number that is too large for a double; is it the right file?", source);
    }
}

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 80; // bytes
    const bool cut = text.size() > longest;
    if (cut) text = text.substr(0, longest);
    // A character that the cut went through, and any other byte that is not UTF-8, becomes "�".
    const auto replace = json::error_handler_t::replace;
    return json(text).dump(-1, ' ', false, replace) + (cut ? "…" : "");
}

} // namespace whirlygig
