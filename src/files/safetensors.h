// Named tensors in a file, in the safetensors format: 8 bytes with the length of the header
// (little-endian), the header in JSON, which gives each tensor's name, type, shape and place, and
// then the numbers, rows first. Source: https://github.com/huggingface/safetensors (README,
// "Format").
#pragma once

#include "files/element_type.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace whirlygig {

// The header may hold texts of its own, each under a name.
using Metadata = std::map<std::string, std::string>;

struct TensorEntry {
    ElementType type;
    std::vector<std::uint64_t> shape; // no sizes at all for a single number
    std::uint64_t begin, end;         // its bytes, counted from the start of the numbers

    std::uint64_t count() const { return (end - begin) / element_size(type); } // of its numbers
};

// Numbers that a caller may not want: every NaN; or every NaN and infinity.
enum class Unwanted { nan, not_finite };

struct TensorPlace {
    std::string name;    // of the tensor
    std::uint64_t index; // of the number, rows first
    double value;
};

class SafetensorsFile {
public:
    // Both check all of the file before any of it can be used, and throw an Error that names the
    // file, the tensor and what is wrong: a header that is cut short, larger than 100 MB, not JSON
    // or nested too deep; a name that occurs twice; an unknown type; a shape that is no list of
    // whole numbers or does not fit the tensor's bytes; tensors that overlap, leave bytes between
    // them or at the end, or go beyond it; metadata that is not text.
    static SafetensorsFile read(const std::filesystem::path& path);
    static SafetensorsFile parse(std::string bytes, std::string name_in_errors);

    const Metadata& metadata() const { return texts; }
    const std::vector<std::string>& names() const { return ordered_names; } // as the numbers lie
    bool has(std::string_view name) const { return entries.contains(name); }
    // Throws when there is no such tensor, and names the one with the most similar name.
    const TensorEntry& entry(std::string_view name) const;

    // Copies a tensor of float type, rows first; F16 and BF16 are widened, F64 is rounded to
    // float. Throws when it isn't of a float type or hasn't numbers.size() numbers.
    void read_into(std::string_view name, std::span<float> numbers) const;
    void read_into(std::string_view name, std::span<double> numbers) const;
    // The numbers of an I64 tensor. Throws when it is of another type.
    std::vector<std::int64_t> integers(std::string_view name) const;

    // The first unwanted number of this tensor or, without a name, of all tensors of float type.
    std::optional<TensorPlace> find(Unwanted unwanted) const;
    std::optional<TensorPlace> find(Unwanted unwanted, std::string_view name) const;

private:
    SafetensorsFile() = default;
    const TensorEntry& float_entry(std::string_view name) const;
    template <class Number>
    void copy(std::string_view name, std::span<Number> numbers) const;

    std::string file;     // its name, for errors
    std::string bytes;    // all of the file
    std::size_t data = 0; // where in `bytes` the numbers start
    Metadata texts;
    std::map<std::string, TensorEntry, std::less<>> entries;
    std::vector<std::string> ordered_names;
};

struct TensorToWrite {
    std::string name;
    ElementType type;
    std::vector<std::uint64_t> shape;
    std::span<const std::byte> bytes; // belong to the caller and must outlive the write
};

template <class Number> // float, double or std::int64_t
TensorToWrite tensor_to_write(std::string name, std::vector<std::uint64_t> shape,
                              std::span<Number> numbers) {
    const ElementType type = element_type_of<std::remove_const_t<Number>>();
    return {std::move(name), type, std::move(shape), std::as_bytes(numbers)};
}

// Writes the tensors in the given order, but larger types first, so that every number lies at a
// multiple of its size. The file is replaced as a whole or not at all (see write_file). Throws an
// Error for two equal names, a shape that doesn't fit the number of bytes, the reserved name
// __metadata__ and text that is not UTF-8.
void write_safetensors(const std::filesystem::path& path, const std::vector<TensorToWrite>& tensors,
                       const Metadata& metadata);

} // namespace whirlygig
