#include "files/safetensors.h"

#include "error.h"
#include "files/file.h"
#include "files/safetensors_header.h"
#include "files/strict_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace whirlygig {

SafetensorsFile SafetensorsFile::read(const std::filesystem::path& path) {
    return parse(read_file(path), path.string());
}

SafetensorsFile SafetensorsFile::parse(std::string bytes, std::string name_in_errors) {
    SafetensorsFile result;
    SafetensorsHeader header = read_safetensors_header(bytes, name_in_errors);
    result.file = std::move(name_in_errors);
    result.bytes = std::move(bytes);
    result.data = header.length;
    result.texts = std::move(header.metadata);
    result.entries = std::move(header.entries);
    result.ordered_names = std::move(header.names);
    return result;
}

namespace {

// How many letters two names share at their starts and at their ends: enough to find
// "wte.weight" for "transformer.wte.weight", and "head.0.scores" for "head.0.score".
std::size_t likeness(std::string_view a, std::string_view b) {
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t start = 0, end = 0;
    while (start < shorter && a[start] == b[start])
        ++start;
    while (end < shorter - start && a[a.size() - 1 - end] == b[b.size() - 1 - end])
        ++end;
    return start + end;
}

} // namespace

const TensorEntry& SafetensorsFile::entry(std::string_view name) const {
    if (const auto found = entries.find(name); found != entries.end()) return found->second;
    if (entries.empty()) fail("{} has no tensor {}: it has none at all", file, shown(name));
    const auto nearest = std::max_element(
        ordered_names.begin(), ordered_names.end(),
        [name](const auto& a, const auto& b) { return likeness(a, name) < likeness(b, name); });
    fail("{} has no tensor {}; the most similar of its {} names is {}", file, shown(name),
         entries.size(), shown(*nearest));
}

const TensorEntry& SafetensorsFile::float_entry(std::string_view name) const {
    const TensorEntry& found = entry(name);
    if (!is_float(found.type)) {
        fail("{}: tensor {} is of type {}; F64, F32, F16 or BF16 is needed here", file, shown(name),
             element_name(found.type));
    }
    return found;
}

template <class Number>
void SafetensorsFile::copy(std::string_view name, std::span<Number> numbers) const {
    const TensorEntry& found = float_entry(name);
    if (found.count() != numbers.size()) {
        fail("{}: tensor {} has {} numbers, but {} are needed here; is it the right file?", file,
             shown(name), found.count(), numbers.size());
    }
    decode(found.type, bytes.data() + data + found.begin, numbers);
}

void SafetensorsFile::read_into(std::string_view name, std::span<float> numbers) const {
    copy(name, numbers);
}

void SafetensorsFile::read_into(std::string_view name, std::span<double> numbers) const {
    copy(name, numbers);
}

std::vector<std::int64_t> SafetensorsFile::integers(std::string_view name) const {
    const TensorEntry& found = entry(name);
    if (found.type != ElementType::i64) {
        fail("{}: tensor {} is of type {}; I64 is needed here", file, shown(name),
             element_name(found.type));
    }
    std::vector<std::int64_t> result(found.count());
    const char* start = bytes.data() + data + found.begin;
    if (!result.empty()) std::memcpy(result.data(), start, found.end - found.begin);
    return result;
}

std::optional<TensorPlace> SafetensorsFile::find(Unwanted unwanted) const {
    for (const std::string& name : ordered_names) {
        if (!is_float(entry(name).type)) continue;
        if (auto place = find(unwanted, name)) return place;
    }
    return std::nullopt;
}

std::optional<TensorPlace> SafetensorsFile::find(Unwanted unwanted, std::string_view name) const {
    const TensorEntry& found = float_entry(name);
    const char* start = bytes.data() + data + found.begin;
    std::array<double, 1024> some; // a part at a time: the tensor may be large
    for (std::uint64_t first = 0; first < found.count(); first += some.size()) {
        const std::span part(some.data(), std::min(some.size(), found.count() - first));
        decode(found.type, start + first * element_size(found.type), part);
        const auto bad = std::find_if(part.begin(), part.end(), [unwanted](double value) {
            return unwanted == Unwanted::nan ? std::isnan(value) : !std::isfinite(value);
        });
        if (bad != part.end()) {
            const auto index = first + static_cast<std::uint64_t>(bad - part.begin());
            return TensorPlace{std::string(name), index, *bad};
        }
    }
    return std::nullopt;
}

} // namespace whirlygig
