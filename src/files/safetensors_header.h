// The header of a safetensors file, checked against the length of the file.
#pragma once

#include "files/safetensors.h"

namespace whirlygig {

inline constexpr std::uint64_t safetensors_header_limit = 100'000'000; // bytes, as the format says
inline constexpr const char* metadata_name = "__metadata__";

struct SafetensorsHeader {
    Metadata metadata;
    std::map<std::string, TensorEntry, std::less<>> entries;
    std::vector<std::string> names; // in the order in which the tensors lie in the file
    std::size_t length;             // in bytes; the numbers start after it
};

// Reads the header of these bytes, which are all of the file that errors call `file`. Throws what
// SafetensorsFile::parse promises.
SafetensorsHeader read_safetensors_header(std::string_view bytes, const std::string& file);

// The bytes that such a tensor takes; none when their number doesn't fit 64 bits.
std::optional<std::uint64_t> byte_count(ElementType type, const std::vector<std::uint64_t>& shape);

} // namespace whirlygig
