#include "settings.h"

#include "error.h"
#include "files/file.h"
#include "files/json_file.h"
#include "text/utf8.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace whirlygig {
namespace {

using nlohmann::json;

constexpr std::uint64_t size_limit = 64 * 1024;
constexpr std::array<Look, 2> looks = {Look::dark, Look::light};
constexpr std::array<Palette, palette_count> palettes = {Palette::blue_orange,
                                                         Palette::purple_green, Palette::grey};

// Takes the values that make sense and notes what is wrong with the others.
class Reader {
public:
    explicit Reader(const json& found)
        : found(found) {}

    std::vector<std::string> complaints;

    void read(const char* key, bool& value) {
        if (!found.contains(key)) return;
        if (!found[key].is_boolean()) return complain(key, "true or false");
        value = found[key].get<bool>();
    }

    template <class Number>
    void read(const char* key, Number& value, Number least, Number most) {
        if (!found.contains(key)) return;
        constexpr bool whole = std::numeric_limits<Number>::is_integer;
        const json& given = found[key];
        const bool fits = given.is_number() && given.get<double>() >= least &&
                          given.get<double>() <= most && (!whole || given.is_number_integer());
        if (fits) {
            value = given.get<Number>();
            return;
        }
        complain(key,
                 fmt::format("a {} from {} to {}", whole ? "whole number" : "number", least, most));
    }

    template <class Choices, class Choice>
    void read(const char* key, const Choices& choices, Choice& value) {
        if (!found.contains(key)) return;
        std::vector<std::string> names;
        for (const Choice choice : choices) {
            if (found[key] == name_of(choice)) {
                value = choice;
                return;
            }
            names.push_back(fmt::format("\"{}\"", name_of(choice)));
        }
        complain(key, fmt::format("{}", fmt::join(names, " or ")));
    }

private:
    void complain(const char* key, const std::string& expected) {
        const json& given = found[key];
        std::string shown = given.is_primitive() ? given.dump() : kind_of(given);
        if (given.is_string()) shown = in_quotes(given.get<std::string>());
        complaints.push_back(fmt::format("\"{}\" must be {}, but is {}", key, expected, shown));
    }

    const json& found;
};

Settings settings_from(const json& found, std::vector<std::string>& complaints) {
    Settings settings;
    Reader reader(found);
    reader.read("look", looks, settings.look);
    reader.read("palette", palettes, settings.palette);
    reader.read("font_scale", settings.font_scale, 0.75F, 2.0F);
    reader.read("digits_in_cells", settings.digits_in_cells);
    reader.read("reduced_motion", settings.reduced_motion);
    reader.read("loop", settings.loop);
    reader.read("speed", settings.speed, 0.25, 16.0);
    reader.read("tour_seen", settings.tour_seen);
    reader.read("width", settings.width, 320, 16384);
    reader.read("height", settings.height, 240, 16384);
    complaints = reader.complaints;
    return settings;
}

// What an environment variable says; nothing unless it is the full path of a folder, as the
// XDG Base Directory Specification has it.
std::filesystem::path folder_in(const char* variable) {
    const char* value = std::getenv(variable);
    const std::filesystem::path folder = value == nullptr ? "" : value;
    return folder.is_absolute() ? folder : "";
}

} // namespace

std::filesystem::path settings_file() {
    std::filesystem::path folder = folder_in("XDG_CONFIG_HOME");
    if (folder.empty()) {
        const std::filesystem::path home = folder_in("HOME");
        if (home.empty()) return "";
        folder = home / ".config";
    }
    return folder / "whirlygig" / "viewer.json";
}

Settings read_settings(const std::filesystem::path& file, std::string& complaint) {
    complaint.clear();
    std::error_code error;
    if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found)
        return {};
    try {
        const json found = read_json(file, size_limit);
        if (!found.is_object())
            fail("{} must be an object, {{...}}, but is {}", file.string(), kind_of(found));
        std::vector<std::string> complaints;
        const Settings settings = settings_from(found, complaints);
        if (!complaints.empty())
            complaint = fmt::format("In {}, {}; the usual {} taken instead.", file.string(),
                                    fmt::join(complaints, " and "),
                                    complaints.size() == 1 ? "value is" : "values are");
        return settings;
    } catch (const Error& failure) {
        complaint = fmt::format("{}; the usual settings are taken instead.", failure.what());
        return {};
    }
}

void write_settings(const std::filesystem::path& file, const Settings& settings) {
    if (file.empty()) return;
    nlohmann::ordered_json content;
    content["look"] = name_of(settings.look);
    content["palette"] = name_of(settings.palette);
    content["font_scale"] = settings.font_scale;
    content["digits_in_cells"] = settings.digits_in_cells;
    content["reduced_motion"] = settings.reduced_motion;
    content["loop"] = settings.loop;
    content["speed"] = settings.speed;
    content["tour_seen"] = settings.tour_seen;
    content["width"] = settings.width;
    content["height"] = settings.height;
    std::error_code error;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
    if (error)
        fail("cannot make the folder of {} ({}); check the folders above it", file.string(),
             error.message());
    write_file(file, content.dump(4) + "\n");
}

} // namespace whirlygig
