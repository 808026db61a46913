#include "files/safetensors.h"

#include "support/error_sentence.h"
#include "support/packed_safetensors.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

SafetensorsFile parsed(std::string_view header, std::string_view data = "") {
    return SafetensorsFile::parse(packed_safetensors(header, data), "x.safetensors");
}

std::string sentence_for_bytes(const std::string& bytes) {
    return error_sentence([&] { SafetensorsFile::parse(bytes, "x.safetensors"); });
}

std::string sentence_for(std::string_view header, std::string_view data = "") {
    return sentence_for_bytes(packed_safetensors(header, data));
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (; times > 0; --times)
        result += text;
    return result;
}

template <class Number>
std::vector<Number> numbers_of(const SafetensorsFile& file, const std::string& name) {
    std::vector<Number> numbers(file.entry(name).count());
    file.read_into(name, std::span(numbers));
    return numbers;
}

} // namespace

TEST(Safetensors, ReadsAFileMadeByHand) {
    const auto file = parsed(R"({"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
                             R"("__metadata__":{"made":"by hand"},)"
                             R"("a":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]}} )",
                             std::string_view("\xfe\xff\xff\xff\xff\xff\xff\xff\0\0\x80\x3f", 12));
    EXPECT_EQ(file.metadata(), (Metadata{{"made", "by hand"}}));
    EXPECT_EQ(file.names(), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(file.has("a"));
    EXPECT_FALSE(file.has("c"));
    EXPECT_FALSE(file.has("__metadata__"));
    EXPECT_EQ(file.entry("a").type, ElementType::i64);
    EXPECT_EQ(file.entry("a").shape, (std::vector<std::uint64_t>{1, 1}));
    EXPECT_EQ(file.entry("b").begin, 8u);
    EXPECT_EQ(file.entry("b").end, 12u);
    EXPECT_EQ(file.entry("b").count(), 1u);
    EXPECT_EQ(file.integers("a"), std::vector<std::int64_t>{-2});
    EXPECT_EQ(numbers_of<float>(file, "b"), std::vector<float>{1.0f});
    EXPECT_EQ(numbers_of<double>(file, "b"), std::vector<double>{1.0});
}

TEST(Safetensors, ReadsFilesWithoutNumbers) {
    EXPECT_TRUE(parsed("{}").names().empty());
    const auto file = parsed(R"({"z":{"dtype":"F64","shape":[0,3],"data_offsets":[0,0]},)"
                             R"("y":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}})");
    EXPECT_EQ(file.entry("z").count(), 0u);
    EXPECT_TRUE(numbers_of<float>(file, "z").empty());
    EXPECT_TRUE(file.integers("y").empty());
}

// The folders hold models written by another program, and what their numbers are when widened.
TEST(Safetensors, WidensTheModelsOfAnotherProgram) {
    for (const char* model : {"gpt2_layout_f32", "gpt2_layout_f16_tied", "gpt2_layout_bf16"}) {
        const std::filesystem::path folder =
            std::filesystem::path(WHIRLYGIG_TEST_DATA) / "oracle" / model;
        const auto stored = SafetensorsFile::read(folder / "model.safetensors");
        const auto expected = SafetensorsFile::read(folder / "widened.safetensors");
        std::size_t compared = 0;
        for (const std::string& name : expected.names()) {
            std::string short_name = name;
            if (!stored.has(name)) short_name.erase(0, std::string("transformer.").size());
            const auto numbers = numbers_of<float>(stored, short_name);
            const auto widened = numbers_of<double>(expected, name);
            ASSERT_EQ(numbers.size(), widened.size()) << name;
            for (std::size_t index = 0; index < numbers.size(); ++index)
                ASSERT_EQ(numbers[index], widened[index]) << name << ", " << index;
            compared += numbers.size();
        }
        EXPECT_GT(compared, 100u) << model;
    }
}

TEST(Safetensors, ComesBackBitForBit) {
    const TemporaryFolder folder;
    const std::vector<float> floats = {0.1f,
                                       -0.0f,
                                       std::numeric_limits<float>::denorm_min(),
                                       std::numeric_limits<float>::max(),
                                       -std::numeric_limits<float>::infinity(),
                                       std::numeric_limits<float>::quiet_NaN()};
    const std::vector<double> doubles = {0.1, 5e-324, 1e308};
    const std::vector<std::int64_t> integers = {INT64_MIN, -1, 0, 7, INT64_MAX};
    const std::vector<std::uint8_t> flags = {1, 0, 1};
    const Metadata metadata = {{"ids", "2,1,0"}, {"tokens", "blue \"cre\nature\" \xc3\xa9"}};
    write_safetensors(folder / "x",
                      {tensor_to_write("floats", {2, 3}, std::span(floats)),
                       {"flags", ElementType::boolean, {3}, std::as_bytes(std::span(flags))},
                       tensor_to_write("doubles", {3, 1, 1}, std::span(doubles)),
                       tensor_to_write("integers", {5}, std::span(integers)),
                       tensor_to_write("nothing", {4, 0}, std::span<const float>())},
                      metadata);

    const auto file = SafetensorsFile::read(folder / "x");
    EXPECT_EQ(file.metadata(), metadata);
    EXPECT_EQ(file.names().size(), 5u);
    const auto read_floats = numbers_of<float>(file, "floats");
    EXPECT_EQ(std::memcmp(read_floats.data(), floats.data(), 24), 0);
    EXPECT_EQ(numbers_of<double>(file, "doubles"), doubles);
    EXPECT_EQ(file.integers("integers"), integers);
    EXPECT_EQ(file.entry("flags").type, ElementType::boolean);
    EXPECT_EQ(file.entry("nothing").shape, (std::vector<std::uint64_t>{4, 0}));
}

TEST(Safetensors, WritesExactlyTheseBytes) {
    const TemporaryFolder folder;
    const std::vector<float> floats = {1.0f, -2.0f};
    const std::vector<std::int64_t> integers = {258};
    write_safetensors(folder / "x",
                      {tensor_to_write("w", {1, 2}, std::span(floats)),
                       tensor_to_write("step", {}, std::span(integers))},
                      {{"k", "v"}});
    const std::string header = R"({"__metadata__":{"k":"v"},)"
                               R"("step":{"data_offsets":[0,8],"dtype":"I64","shape":[]},)"
                               R"("w":{"data_offsets":[8,16],"dtype":"F32","shape":[1,2]}})";
    ASSERT_EQ(header.size(), 137u); // and 7 spaces make 144, a multiple of 8
    EXPECT_EQ(bytes_of(folder / "x"),
              packed_safetensors(header + "       ",
                                 std::string_view("\2\1\0\0\0\0\0\0\0\0\x80\x3f\0\0\0\xc0", 16)));
}

TEST(Safetensors, LaysEveryNumberAtAMultipleOfItsSize) {
    const TemporaryFolder folder;
    const std::vector<std::uint8_t> bytes(24, 1);
    std::vector<TensorToWrite> tensors;
    for (const char* type : {"U8", "F32", "BF16", "F64", "I16", "I64"}) {
        const auto known = *element_type_named(type);
        const std::uint64_t count = known == ElementType::u8 ? 3 : 1;
        tensors.push_back({type,
                           known,
                           {count},
                           std::as_bytes(std::span(bytes)).first(count * element_size(known))});
    }
    write_safetensors(folder / "x", tensors, {});
    const auto file = SafetensorsFile::read(folder / "x");
    EXPECT_EQ(file.names(), (std::vector<std::string>{"F64", "I64", "F32", "BF16", "I16", "U8"}));
    std::uint64_t header_length = 0;
    std::memcpy(&header_length, bytes_of(folder / "x").data(), 8);
    EXPECT_EQ(header_length % 8, 0u);
    for (const std::string& name : file.names())
        EXPECT_EQ(file.entry(name).begin % element_size(file.entry(name).type), 0u) << name;
}

TEST(Safetensors, DoesNotWriteWhatItCouldNotRead) {
    const TemporaryFolder folder;
    const std::vector<float> floats(5);
    const auto sentence = [&](std::vector<TensorToWrite> tensors, Metadata metadata = {}) {
        return error_sentence([&] { write_safetensors(folder / "x", tensors, metadata); });
    };
    const auto tensor = [&](std::string name, std::vector<std::uint64_t> shape) {
        return tensor_to_write(std::move(name), std::move(shape), std::span(floats));
    };
    expect_contains(sentence({tensor("a", {5}), tensor("a", {5})}),
                    "x: the tensor name \"a\" is taken");
    expect_contains(sentence({tensor("__metadata__", {5})}), "\"__metadata__\" is taken");
    expect_contains(
        sentence({tensor("a", {2, 3})}),
        "tensor \"a\" of type F32 has the shape [2, 3], which does not fit its 20 bytes");
    expect_contains(sentence({tensor("a", {UINT64_MAX, 2})}), "which does not fit its 20 bytes");
    expect_contains(sentence({tensor("a\xff", {5})}), "the text \"a\xef\xbf\xbd\" is not UTF-8");
    expect_contains(sentence({}, {{"k", "\xc3"}}), "is not UTF-8");
    expect_contains(sentence({}, {{"\xc3", "v"}}), "is not UTF-8");
    EXPECT_TRUE(std::filesystem::is_empty(folder.path));
}

TEST(LongSafetensors, DoesNotWriteAHeaderBeyondTheLimit) {
    const TemporaryFolder folder;
    const Metadata metadata = {{"k", std::string(100'000'000, 'v')}};
    expect_contains(error_sentence([&] { write_safetensors(folder / "x", {}, metadata); }),
                    "names and metadata take 100000032 bytes, and 100000000 are allowed");
    EXPECT_TRUE(std::filesystem::is_empty(folder.path));
}

TEST(Safetensors, NamesWhatIsMissing) {
    const auto file = parsed(R"({"wte.weight":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                             R"("wpe.weight":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                             R"("step":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}})");
    EXPECT_EQ(error_sentence([&] { file.entry("transformer.wte.weight"); }),
              "x.safetensors has no tensor \"transformer.wte.weight\"; the most similar of its 3 "
              "names is \"wte.weight\"");
    expect_contains(error_sentence([&] { file.integers("steps"); }), "3 names is \"step\"");
    std::vector<float> numbers;
    expect_contains(error_sentence([&] { file.read_into("wpe", std::span(numbers)); }),
                    "3 names is \"wpe.weight\"");
    EXPECT_EQ(error_sentence([&] { parsed("{}").entry("a"); }),
              "x.safetensors has no tensor \"a\": it has none at all");
}

TEST(Safetensors, GivesNumbersOnlyAsWhatTheyAre) {
    const auto file = parsed(R"({"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                             R"("i":{"dtype":"I32","shape":[1],"data_offsets":[8,12]}})",
                             std::string(12, '\0'));
    std::vector<float> three(3);
    std::vector<double> one(1);
    EXPECT_EQ(error_sentence([&] { file.read_into("f", std::span(three)); }),
              "x.safetensors: tensor \"f\" has 2 numbers, but 3 are needed here; is it the right "
              "file?");
    EXPECT_EQ(error_sentence([&] { file.read_into("i", std::span(one)); }),
              "x.safetensors: tensor \"i\" is of type I32; F64, F32, F16 or BF16 is needed here");
    EXPECT_EQ(error_sentence([&] { file.integers("f"); }),
              "x.safetensors: tensor \"f\" is of type F32; I64 is needed here");
    expect_contains(error_sentence([&] { file.find(Unwanted::nan, "i"); }), "is of type I32");
}

TEST(Safetensors, FindsUnwantedNumbers) {
    const TemporaryFolder folder;
    std::vector<float> good(2500, 1.0f), bad(2500, 1.0f);
    bad[1023] = -std::numeric_limits<float>::infinity();
    bad[2047] = std::numeric_limits<float>::quiet_NaN(); // the last of its part of 1024
    bad[2049] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<std::int64_t> step = {-1}; // as a double, these bits would be a NaN
    write_safetensors(folder / "x",
                      {tensor_to_write("good", {50, 50}, std::span(good)),
                       tensor_to_write("bad", {2500}, std::span(bad)),
                       tensor_to_write("step", {}, std::span(step))},
                      {});
    const auto file = SafetensorsFile::read(folder / "x");
    const auto nan = file.find(Unwanted::nan);
    ASSERT_TRUE(nan);
    EXPECT_EQ(nan->name, "bad");
    EXPECT_EQ(nan->index, 2047u);
    EXPECT_TRUE(std::isnan(nan->value));
    const auto infinite = file.find(Unwanted::not_finite);
    ASSERT_TRUE(infinite);
    EXPECT_EQ(infinite->index, 1023u);
    EXPECT_EQ(infinite->value, -std::numeric_limits<double>::infinity());
    EXPECT_FALSE(file.find(Unwanted::not_finite, "good"));
    ASSERT_TRUE(file.find(Unwanted::nan, "bad"));
}

TEST(Safetensors, TurnsDownABrokenStart) {
    EXPECT_EQ(sentence_for_bytes(""),
              "x.safetensors has 0 bytes, but a safetensors file starts with 8 that hold its "
              "header's length; copy or download it again");
    expect_contains(sentence_for_bytes("1234567"), "has 7 bytes");
    EXPECT_EQ(sentence_for_bytes(std::string("\3\0\0\0\0\0\0\0{}", 10)),
              "x.safetensors should have a header of 3 bytes, but only 2 follow; copy or download "
              "it again");
    expect_contains(sentence_for_bytes("words that are no header"), // 8 letters as a length
                    "header length of 7526676557221490551 bytes, and 100000000 are allowed");
    expect_contains(sentence_for_bytes(std::string(8, '\xff') + "{}"), "are allowed");
    // The limit itself: 100,000,000 bytes, and one more.
    expect_contains(sentence_for_bytes(std::string("\x00\xe1\xf5\x05\0\0\0\0{}", 10)),
                    "should have a header of 100000000 bytes");
    expect_contains(sentence_for_bytes(std::string("\x01\xe1\xf5\x05\0\0\0\0{}", 10)),
                    "100000001 bytes, and 100000000 are allowed");
}

TEST(Safetensors, TurnsDownAHeaderThatIsNotJson) {
    expect_contains(sentence_for(""), "doesn't start with '{'");
    expect_contains(sentence_for(" {}"), "doesn't start with '{'");
    expect_contains(sentence_for("[]"), "doesn't start with '{'");
    expect_contains(sentence_for("{\"a\":"),
                    "the header of x.safetensors, line 1, column 6: not valid JSON");
    expect_contains(sentence_for("{\"\xff\":{}}"), "column 3: not valid JSON");
    expect_contains(sentence_for(std::string_view("{}\0", 3)), "column 3: not valid JSON");
    expect_contains(sentence_for("{\"a\":" + repeated("[", 3'000'000)),
                    "the header of x.safetensors nests its values more than 3 deep");
    expect_contains(sentence_for(repeated("{\"a\":", 1'000'000)), "more than 3 deep");
    expect_contains(sentence_for(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                                 R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})"),
                    "the header of x.safetensors holds the name \"a\" twice");
    expect_contains(sentence_for(R"({"a":{"dtype":"F32","dtype":"F64"}})"), "\"dtype\" twice");
}

TEST(Safetensors, TurnsDownBrokenDescriptions) {
    const std::string where = "x.safetensors: tensor \"a\" ";
    const auto sentence = [](const std::string& description) {
        return sentence_for("{\"a\":" + description + "}", "12345678");
    };
    for (const char* description : {"[]", "7", "null", "\"F32\""})
        expect_contains(sentence(description), where + "is not described by an object");
    expect_contains(sentence("{}"), where + "has no dtype");
    expect_contains(sentence(R"({"dtype":"F32"})"), where + "has no shape");
    expect_contains(sentence(R"({"dtype":"F32","shape":[2]})"), where + "has no data_offsets");
    expect_contains(sentence(R"({"dtype":32})"), where + "has a dtype that is not text");
    EXPECT_EQ(sentence(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"),
              where +
                  "is of type \"F8_E4M3\", which cannot be read here; convert it to one of F64, "
                  "F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL");
}

TEST(Safetensors, TurnsDownShapesThatAreNoWholeNumbers) {
    const std::string too_long = "[1" + repeated(",1", 64) + "]";
    for (const std::string shape : {"2", "{}", "\"2\"", "null", "[-2]", "[2.0]", "[\"2\"]",
                                    "[null]", "[18446744073709551616]", too_long.c_str()}) {
        const std::string header =
            R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,8]}})";
        expect_contains(sentence_for(header, "12345678"),
                        "x.safetensors: tensor \"a\" has a shape that is not a list of at most 64 "
                        "whole numbers, none negative");
    }
    expect_contains(sentence_for(R"({"a":{"shape":[[2]]}})"), "nests its values more than 3 deep");
}

TEST(Safetensors, TurnsDownShapesThatDoNotFit) {
    const auto sentence = [](const std::string& shape) {
        return sentence_for(
            R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,8]}})", "12345678");
    };
    EXPECT_EQ(sentence("[1,3]"),
              "x.safetensors: tensor \"a\" has the shape [1, 3] of F32, 12 bytes, but its "
              "data_offsets span 8; write the file again");
    expect_contains(sentence("[1]"), "4 bytes, but its data_offsets span 8");
    expect_contains(sentence("[]"), "4 bytes, but its data_offsets span 8");
    expect_contains(sentence("[0,9]"), "0 bytes, but its data_offsets span 8");
    // 2^32 x 2^32 x 2 numbers are 2^67 bytes: as 64 bits they would be 0, or 8 more than that.
    expect_contains(sentence("[4294967296,4294967296,2]"), "too large for any file");
    expect_contains(sentence("[4611686018427387906]"), "too large for any file"); // 2^62 + 2
    expect_contains(sentence("[18446744073709551615]"), "too large for any file");
}

TEST(Safetensors, TurnsDownWrongOffsets) {
    const auto sentence = [](const std::string& offsets) {
        return sentence_for(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + offsets + "}}",
                            "12345678");
    };
    EXPECT_EQ(sentence("[8,0]"), "x.safetensors: tensor \"a\" has data_offsets [8, 0], not a begin "
                                 "and an end that comes no earlier; write the file again");
    for (const char* offsets : {"[]", "[0]", "[0,8,8]"})
        expect_contains(sentence(offsets), "not a begin and an end");
    for (const char* offsets : {"8", "null", "[0,-8]", "[0,8.0]", "{}"})
        expect_contains(sentence(offsets), "data_offsets that is not a list of");
    EXPECT_EQ(sentence("[1,9]"), "x.safetensors: tensor \"a\" ends at byte 9 of the numbers, but "
                                 "the file has only 8; copy or download it again");
    expect_contains(sentence("[18446744073709551608,18446744073709551615]"), "has only 8");
}

namespace {

// The header of two F32 tensors, a and b, with these offsets.
std::string two(const std::string& shape_a, const std::string& offsets_a,
                const std::string& shape_b, const std::string& offsets_b) {
    return R"({"a":{"dtype":"F32","shape":)" + shape_a + R"(,"data_offsets":)" + offsets_a +
           R"(},"b":{"dtype":"F32","shape":)" + shape_b + R"(,"data_offsets":)" + offsets_b + "}}";
}

} // namespace

TEST(Safetensors, TurnsDownOverlapsHolesAndTrailingBytes) {
    EXPECT_EQ(parsed(two("[1]", "[4,8]", "[1]", "[0,4]"), "12345678").names(),
              (std::vector<std::string>{"b", "a"}));
    EXPECT_EQ(sentence_for(two("[2]", "[0,8]", "[1]", "[4,8]"), "12345678"),
              "x.safetensors: tensor \"b\" starts at byte 4 of the numbers, but the tensors before "
              "it end at 8: they overlap; write the file again");
    expect_contains(sentence_for(two("[2]", "[0,8]", "[2]", "[0,8]"), "12345678"), "they overlap");
    expect_contains(sentence_for(two("[2]", "[0,8]", "[0]", "[4,4]"), "12345678"), "they overlap");
    EXPECT_EQ(sentence_for(two("[1]", "[0,4]", "[1]", "[5,9]"), "123456789"),
              "x.safetensors: tensor \"b\" starts at byte 5 of the numbers, but the tensors before "
              "it end at 4: they leave bytes between them; write the file again");
    expect_contains(sentence_for(two("[1]", "[4,8]", "[1]", "[8,12]"), "123456789012"),
                    "\"a\" starts at byte 4 of the numbers, but the tensors before it end at 0");
    EXPECT_EQ(sentence_for(two("[1]", "[0,4]", "[1]", "[4,8]"), "12345678+++"),
              "x.safetensors has 3 bytes after its last tensor; copy or download it again");
    expect_contains(sentence_for("{}", "+"), "has 1 bytes after its last tensor");
}

TEST(Safetensors, TurnsDownMetadataThatIsNotText) {
    EXPECT_EQ(sentence_for(R"({"__metadata__":{"steps":"1","step":7}})"),
              "x.safetensors has the metadata \"step\", which is not text; write the file again");
    for (const char* value : {"null", "[]", "{}", "true"}) {
        const std::string header = std::string(R"({"__metadata__":{"k":)") + value + "}}";
        expect_contains(sentence_for(header), "metadata \"k\", which is not text");
    }
    expect_contains(sentence_for(R"({"__metadata__":"k"})"), "__metadata__ that is not an object");
    expect_contains(sentence_for(R"({"__metadata__":{"k":"v","k":"w"}})"), "\"k\" twice");
}

// Wherever a download stops, the file is turned down with a sentence that names it.
TEST(Safetensors, TurnsDownEveryFileThatWasCutShort) {
    const std::string whole =
        packed_safetensors(two("[2,1]", "[0,8]", "[1]", "[8,12]"), "123456789012");
    EXPECT_EQ(SafetensorsFile::parse(whole, "x").names().size(), 2u);
    for (std::size_t size = 0; size < whole.size(); ++size)
        expect_contains(sentence_for_bytes(whole.substr(0, size)), "x.safetensors");
}
