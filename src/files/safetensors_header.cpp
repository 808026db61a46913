#include "files/safetensors_header.h"

#include "error.h"
#include "files/strict_json.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

namespace whirlygig {

namespace {

using nlohmann::json;

constexpr std::size_t length_size = 8;

// The JSON of the header: what the first 8 bytes give the length of.
std::string_view header_text(std::string_view bytes, const std::string& file) {
    if (bytes.size() < length_size) {
        fail("{} has {} bytes, but a safetensors file starts with {} that hold its header's "
             "length; copy or download it again",
             file, bytes.size(), length_size);
    }
    std::uint64_t length;
    std::memcpy(&length, bytes.data(), length_size);
    bytes.remove_prefix(length_size);
    if (length > safetensors_header_limit) {
        fail("{} starts with a header length of {} bytes, and {} are allowed; is it a safetensors "
             "file?",
             file, length, safetensors_header_limit);
    }
    if (length > bytes.size()) {
        fail("{} should have a header of {} bytes, but only {} follow; copy or download it again",
             file, length, bytes.size());
    }
    const std::string_view text = bytes.substr(0, length);
    if (!text.starts_with('{')) {
        fail("{} has a header that doesn't start with '{{'; is it a safetensors file?", file);
    }
    return text;
}

// A list of whole numbers, none of them negative. `where` names the file and the tensor.
std::vector<std::uint64_t> whole_numbers(const json& description, const char* name,
                                         const std::string& where) {
    // Far more than any tensor has; a limit, so that a hostile file can't use up the memory.
    constexpr std::size_t longest = 64;
    const auto found = description.find(name);
    if (found == description.end()) fail("{} has no {}; write the file again", where, name);
    const bool right = found->is_array() && found->size() <= longest &&
                       std::all_of(found->begin(), found->end(),
                                   [](const json& each) { return each.is_number_unsigned(); });
    if (!right) {
        fail("{} has a {} that is not a list of at most {} whole numbers, none negative; write "
             "the file again",
             where, name, longest);
    }
    return found->get<std::vector<std::uint64_t>>();
}

ElementType read_type(const json& description, const std::string& where) {
    const auto found = description.find("dtype");
    if (found == description.end()) fail("{} has no dtype; write the file again", where);
    if (!found->is_string()) fail("{} has a dtype that is not text; write the file again", where);
    const auto& name = found->get_ref<const std::string&>();
    const std::optional<ElementType> type = element_type_named(name);
    if (!type) {
        fail("{} is of type {}, which cannot be read here; convert it to one of {}", where,
             shown(name), all_element_names());
    }
    return *type;
}

TensorEntry read_entry(const json& description, const std::string& where, std::uint64_t data_size) {
    if (!description.is_object()) {
        fail("{} is not described by an object with dtype, shape and data_offsets; write the file "
             "again",
             where);
    }
    TensorEntry entry{read_type(description, where), whole_numbers(description, "shape", where), 0,
                      0};
    const auto offsets = whole_numbers(description, "data_offsets", where);
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
        fail("{} has data_offsets {}, not a begin and an end that comes no earlier; write the "
             "file again",
             where, offsets);
    }
    entry.begin = offsets[0];
    entry.end = offsets[1];
    if (entry.end > data_size) {
        fail("{} ends at byte {} of the numbers, but the file has only {}; copy or download it "
             "again",
             where, entry.end, data_size);
    }
    const auto needed = byte_count(entry.type, entry.shape);
    if (!needed)
        fail("{} has the shape {}, too large for any file; write it again", where, entry.shape);
    if (*needed != entry.end - entry.begin) {
        fail("{} has the shape {} of {}, {} bytes, but its data_offsets span {}; write the file "
             "again",
             where, entry.shape, element_name(entry.type), *needed, entry.end - entry.begin);
    }
    return entry;
}

Metadata read_metadata(const json& values, const std::string& file) {
    if (!values.is_object()) {
        fail("{} has {} that is not an object of texts; write the file again", file, metadata_name);
    }
    Metadata metadata;
    for (const auto& [name, value] : values.items()) {
        if (!value.is_string()) {
            fail("{} has the metadata {}, which is not text; write the file again", file,
                 shown(name));
        }
        metadata.emplace(name, value.get<std::string>());
    }
    return metadata;
}

// The tensors must fill the numbers from the first byte to the last, each starting where the one
// before it ends.
std::vector<std::string> names_in_order(const SafetensorsHeader& header, std::uint64_t data_size,
                                        const std::string& file) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : header.entries)
        names.push_back(name);
    const auto place = [&](const std::string& name) {
        const TensorEntry& entry = header.entries.at(name);
        return std::pair(entry.begin, entry.end);
    };
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return place(a) < place(b);
    });
    std::uint64_t filled = 0;
    for (const std::string& name : names) {
        const auto [begin, end] = place(name);
        if (begin != filled) {
            fail("{}: tensor {} starts at byte {} of the numbers, but the tensors before it end "
                 "at {}: they {}; write the file again",
                 file, shown(name), begin, filled,
                 begin < filled ? "overlap" : "leave bytes between them");
        }
        filled = end;
    }
    if (filled != data_size) {
        fail("{} has {} bytes after its last tensor; copy or download it again", file,
             data_size - filled);
    }
    return names;
}

} // namespace

std::optional<std::uint64_t> byte_count(ElementType type, const std::vector<std::uint64_t>& shape) {
    std::uint64_t bytes = element_size(type);
    for (const std::uint64_t size : shape) {
        if (__builtin_mul_overflow(bytes, size, &bytes)) return std::nullopt;
    }
    return bytes;
}

SafetensorsHeader read_safetensors_header(std::string_view bytes, const std::string& file) {
    const std::string_view text = header_text(bytes, file);
    // A tensor's shape is a list in an object in an object: 3 deep.
    const json values = parse_json(text, fmt::format("the header of {}", file), 3);
    SafetensorsHeader header;
    header.length = length_size + text.size();
    const std::uint64_t data_size = bytes.size() - header.length;
    for (const auto& [name, description] : values.items()) {
        if (name == metadata_name) {
            header.metadata = read_metadata(description, file);
        } else {
            const std::string where = fmt::format("{}: tensor {}", file, shown(name));
            header.entries.emplace(name, read_entry(description, where, data_size));
        }
    }
    header.names = names_in_order(header, data_size, file);
    return header;
}

} // namespace whirlygig
