// The types of number that a safetensors file can hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whirlygig {

enum class ElementType { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

std::string_view element_name(ElementType type); // as files spell it: "F32", "BF16", "BOOL"
std::uint64_t element_size(ElementType type);    // in bytes
bool is_float(ElementType type);                 // F64, F32, F16 and BF16

// The type that files spell so; none for an unknown name.
std::optional<ElementType> element_type_named(std::string_view name);
std::string all_element_names(); // "F64, F32, ...": what errors offer to choose from

// The type in which this program holds a number.
template <class Number>
ElementType element_type_of();
template <>
inline ElementType element_type_of<float>() {
    return ElementType::f32;
}
template <>
inline ElementType element_type_of<double>() {
    return ElementType::f64;
}
template <>
inline ElementType element_type_of<std::int64_t>() {
    return ElementType::i64;
}

// The value of a 16 bit pattern. Both types are exact in a float.
// F16 is IEEE 754's binary16: 1 bit of sign, 5 of exponent, 10 of fraction.
// BF16 is the upper half of a float: 1 bit of sign, 8 of exponent, 7 of fraction.
float float_from_f16(std::uint16_t bits);
float float_from_bf16(std::uint16_t bits);

// Reads numbers.size() numbers of a float type from little-endian bytes, which need not be
// aligned. Reading F64 as float rounds; what is too large becomes an infinity.
void decode(ElementType type, const char* bytes, std::span<float> numbers);
void decode(ElementType type, const char* bytes, std::span<double> numbers);

} // namespace whirlygig
