#include "files/element_type.h"

#include "files/hash.h"
#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

template <class Number>
std::vector<Number> decoded(ElementType type, const std::string& bytes) {
    std::vector<Number> numbers(bytes.size() / element_size(type));
    decode(type, bytes.data(), std::span(numbers));
    return numbers;
}

} // namespace

TEST(ElementType, HasTheNamesAndSizesOfTheFormat) {
    EXPECT_EQ(all_element_names(),
              "F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL");
    for (const auto& [name, size] : {std::pair("F64", 8u),
                                     {"F32", 4u},
                                     {"F16", 2u},
                                     {"BF16", 2u},
                                     {"I64", 8u},
                                     {"I32", 4u},
                                     {"I16", 2u},
                                     {"I8", 1u},
                                     {"U64", 8u},
                                     {"U32", 4u},
                                     {"U16", 2u},
                                     {"U8", 1u},
                                     {"BOOL", 1u}}) {
        const auto type = element_type_named(name);
        ASSERT_TRUE(type) << name;
        EXPECT_EQ(element_name(*type), name);
        EXPECT_EQ(element_size(*type), size) << name;
        EXPECT_EQ(is_float(*type), std::string(name).find('F') != std::string::npos) << name;
    }
    EXPECT_EQ(element_type_named("F8_E4M3"), std::nullopt);
    EXPECT_EQ(element_type_named("f32"), std::nullopt);
    EXPECT_EQ(element_type_named(""), std::nullopt);
    EXPECT_EQ(element_type_of<float>(), ElementType::f32);
    EXPECT_EQ(element_type_of<double>(), ElementType::f64);
    EXPECT_EQ(element_type_of<std::int64_t>(), ElementType::i64);
}

TEST(ElementType, WidensF16) {
    EXPECT_EQ(float_from_f16(0x3c00), 1.0f);
    EXPECT_EQ(float_from_f16(0xc000), -2.0f);
    EXPECT_EQ(float_from_f16(0x3555), 0.333251953125f);       // the nearest to 1/3
    EXPECT_EQ(float_from_f16(0x7bff), 65504.0f);              // the largest
    EXPECT_EQ(float_from_f16(0x0400), std::ldexp(1.0f, -14)); // the smallest normal one
    EXPECT_EQ(float_from_f16(0x03ff), std::ldexp(1023.0f, -24));
    EXPECT_EQ(float_from_f16(0x0001), 5.9604644775390625e-08f); // the smallest, 2^-24
    EXPECT_EQ(float_from_f16(0x8001), -5.9604644775390625e-08f);
    EXPECT_EQ(float_from_f16(0x7c00), infinity);
    EXPECT_EQ(float_from_f16(0xfc00), -infinity);
    EXPECT_TRUE(std::isnan(float_from_f16(0x7c01)));
    EXPECT_TRUE(std::isnan(float_from_f16(0xfe00)));
    EXPECT_FALSE(std::signbit(float_from_f16(0x0000)));
    EXPECT_EQ(float_from_f16(0x8000), 0.0f);
    EXPECT_TRUE(std::signbit(float_from_f16(0x8000)));
}

// The hash was computed in Python, whose struct module knows the format too ("<e" to "<f").
TEST(ElementType, WidensEveryF16ThatIsANumber) {
    std::string bytes;
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const float number = float_from_f16(static_cast<std::uint16_t>(bits));
        const bool is_nan = (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0;
        ASSERT_EQ(std::isnan(number), is_nan) << bits;
        char stored[4];
        std::memcpy(stored, &number, 4);
        if (!is_nan) bytes.append(stored, 4);
    }
    EXPECT_EQ(bytes.size(), 4u * 63490);
    EXPECT_EQ(hash_bytes(bytes), 0xa7a575fd4882f925u);
}

TEST(ElementType, WidensBf16) {
    EXPECT_EQ(float_from_bf16(0x3f80), 1.0f);
    EXPECT_EQ(float_from_bf16(0xc049), -3.140625f);              // the nearest to -pi
    EXPECT_EQ(float_from_bf16(0x7f7f), std::ldexp(255.0f, 120)); // the largest
    EXPECT_EQ(float_from_bf16(0x0080), std::ldexp(1.0f, -126));  // the smallest normal one
    EXPECT_EQ(float_from_bf16(0x0001), std::ldexp(1.0f, -133));  // the smallest
    EXPECT_EQ(float_from_bf16(0x7f80), infinity);
    EXPECT_EQ(float_from_bf16(0xff80), -infinity);
    EXPECT_TRUE(std::isnan(float_from_bf16(0x7fc0)));
    EXPECT_TRUE(std::signbit(float_from_bf16(0x8000)));
}

TEST(ElementType, DecodesLittleEndianBytes) {
    const std::string one_and_minus_two("\0\0\x80\x3f\0\0\0\xc0", 8);
    EXPECT_EQ(decoded<float>(ElementType::f32, one_and_minus_two),
              (std::vector<float>{1.0f, -2.0f}));
    EXPECT_EQ(decoded<double>(ElementType::f32, one_and_minus_two),
              (std::vector<double>{1.0, -2.0}));
    const std::string tenth("\x9a\x99\x99\x99\x99\x99\xb9\x3f", 8);
    EXPECT_EQ(decoded<double>(ElementType::f64, tenth), std::vector<double>{0.1});
    EXPECT_EQ(decoded<float>(ElementType::f64, tenth), std::vector<float>{0.1f}); // rounded
    const std::string halves("\0\x3c\xff\x7b\0\xfc", 6);
    EXPECT_EQ(decoded<float>(ElementType::f16, halves),
              (std::vector<float>{1.0f, 65504.0f, -infinity}));
    EXPECT_EQ(decoded<double>(ElementType::bf16, std::string("\x80\x3f\x49\xc0", 4)),
              (std::vector<double>{1.0, -3.140625}));
    EXPECT_TRUE(decoded<float>(ElementType::f32, "").empty());
}

TEST(ElementType, DecodesAtAnyAddress) {
    const std::string bytes("?\0\0\x80\x3f", 5);
    std::array<float, 1> number{};
    decode(ElementType::f32, bytes.data() + 1, std::span(number));
    EXPECT_EQ(number[0], 1.0f);
}

TEST(ElementType, DecodesOnlyFloats) {
    for (const char* name : {"I64", "I32", "U8", "BOOL"}) {
        EXPECT_EQ(error_sentence([&] { decoded<float>(*element_type_named(name), ""); }),
                  std::string("decode: ") + name + " is not a float type");
    }
}
