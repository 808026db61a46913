#include "files/element_type.h"

#include "error.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace whirlygig {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian, and so must be the machine");

namespace {

struct Description {
    std::string_view name;
    std::uint64_t size;
};

constexpr std::array<Description, 13> descriptions = {{
    // in the order of ElementType
    {"F64", 8},
    {"F32", 4},
    {"F16", 2},
    {"BF16", 2},
    {"I64", 8},
    {"I32", 4},
    {"I16", 2},
    {"I8", 1},
    {"U64", 8},
    {"U32", 4},
    {"U16", 2},
    {"U8", 1},
    {"BOOL", 1},
}};

const Description& description(ElementType type) {
    return descriptions[static_cast<std::size_t>(type)];
}

} // namespace

std::string_view element_name(ElementType type) {
    return description(type).name;
}

std::uint64_t element_size(ElementType type) {
    return description(type).size;
}

bool is_float(ElementType type) {
    return type == ElementType::f64 || type == ElementType::f32 || type == ElementType::f16 ||
           type == ElementType::bf16;
}

std::optional<ElementType> element_type_named(std::string_view name) {
    for (std::size_t index = 0; index < descriptions.size(); ++index) {
        if (descriptions[index].name == name) return static_cast<ElementType>(index);
    }
    return std::nullopt;
}

std::string all_element_names() {
    std::string names;
    for (const Description& each : descriptions)
        names.append(names.empty() ? "" : ", ").append(each.name);
    return names;
}

float float_from_f16(std::uint16_t bits) {
    const float sign = bits & 0x8000 ? -1.0f : 1.0f;
    const int exponent = (bits >> 10) & 0x1f;
    const int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
        return fraction == 0 ? sign * std::numeric_limits<float>::infinity()
                             : std::numeric_limits<float>::quiet_NaN();
    }
    // Below 2^-14 the leading 1 is no longer implied: the subnormal numbers, and zero.
    if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
    return sign * std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
}

float float_from_bf16(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

namespace {

// Each number is stored as a `Stored`, whose value `value_of` gives.
template <class Stored, class Number, class ValueOf>
void decode_each(const char* bytes, std::span<Number> numbers, ValueOf value_of) {
    for (Number& number : numbers) {
        Stored stored;
        std::memcpy(&stored, bytes, sizeof stored); // the bytes may lie at any address
        number = static_cast<Number>(value_of(stored));
        bytes += sizeof stored;
    }
}

template <class Number>
void decode_any(ElementType type, const char* bytes, std::span<Number> numbers) {
    const auto as_it_is = [](auto stored) { return stored; };
    switch (type) {
    case ElementType::f64:
        return decode_each<double>(bytes, numbers, as_it_is);
    case ElementType::f32:
        return decode_each<float>(bytes, numbers, as_it_is);
    case ElementType::f16:
        return decode_each<std::uint16_t>(bytes, numbers, float_from_f16);
    case ElementType::bf16:
        return decode_each<std::uint16_t>(bytes, numbers, float_from_bf16);
    default:
        fail("decode: {} is not a float type", element_name(type));
    }
}

} // namespace

void decode(ElementType type, const char* bytes, std::span<float> numbers) {
    decode_any(type, bytes, numbers);
}

void decode(ElementType type, const char* bytes, std::span<double> numbers) {
    decode_any(type, bytes, numbers);
}

} // namespace whirlygig
