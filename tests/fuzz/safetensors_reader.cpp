#include "error.h"
#include "files/safetensors.h"
#include "readers.h"
#include "support/packed_safetensors.h"

#include <cstring>

using namespace whirlygig;

namespace {

bool same(double a, double b) {
    return a == b || (a != a && b != b);
}

void read_floats(const SafetensorsFile& file, const std::string& name) {
    const TensorEntry& entry = file.entry(name);
    std::vector<float> floats(entry.count());
    std::vector<double> doubles(entry.count());
    file.read_into(name, std::span(floats));
    file.read_into(name, std::span(doubles));
    bool any_nan = false;
    for (std::size_t index = 0; index < floats.size(); ++index) {
        require(same(floats[index], static_cast<float>(doubles[index])), "float is not double");
        any_nan = any_nan || doubles[index] != doubles[index];
    }
    const auto nan = file.find(Unwanted::nan, name);
    require(nan.has_value() == any_nan, "a NaN was overlooked or invented");
    const auto unwanted = file.find(Unwanted::not_finite, name);
    require(!nan || (unwanted && unwanted->index <= nan->index), "a NaN is not finite");
}

void read_everything(std::string bytes) {
    const std::size_t size = bytes.size();
    const auto file = SafetensorsFile::parse(std::move(bytes), "fuzz.safetensors");
    std::uint64_t filled = 0;
    for (const std::string& name : file.names()) {
        const TensorEntry& entry = file.entry(name);
        require(entry.begin == filled && entry.begin <= entry.end, "the tensors are not in a row");
        filled = entry.end;
        if (is_float(entry.type)) read_floats(file, name);
        if (entry.type == ElementType::i64) {
            require(file.integers(name).size() == entry.count(), "integers were lost");
        }
    }
    require(filled + 8 <= size, "the tensors are larger than the file");
    (void)file.find(Unwanted::not_finite);
    require(!file.has("no such name"), "a tensor was invented");
    file.entry("no such name"); // throws an Error
}

void read_safely(std::string bytes) {
    try {
        read_everything(std::move(bytes));
        require(false, "a tensor that does not exist was handed out");
    } catch (const Error& error) {
        require_sentence(error.what());
    }
}

} // namespace

void fuzz_safetensors(std::string_view bytes) {
    read_safely(std::string(bytes));
    // Almost every change breaks the length in front. So that changes get further than that, read
    // the same bytes once more with the length right: the header ends at the last brace.
    if (bytes.size() < 8) return;
    bytes.remove_prefix(8);
    const std::size_t header_size = bytes.rfind('}') + 1; // 0 when there is none
    read_safely(packed_safetensors(bytes.substr(0, header_size), bytes.substr(header_size)));
}

std::vector<std::string> safetensors_seeds() {
    const std::string three = R"({"__metadata__":{"ids":"2,1,0"},)"
                              R"("a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                              R"("step":{"dtype":"I64","shape":[],"data_offsets":[24,32]},)"
                              R"("b":{"dtype":"F16","shape":[4,1],"data_offsets":[32,40]}} )";
    const std::string every_type =
        R"({"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
        R"("h":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},)"
        R"("none":{"dtype":"F32","shape":[0,7],"data_offsets":[12,12]},)"
        R"("i":{"dtype":"I32","shape":[1],"data_offsets":[12,16]},)"
        R"("mask":{"dtype":"BOOL","shape":[1,1,3],"data_offsets":[16,19]},)"
        R"("u":{"dtype":"U8","shape":[1],"data_offsets":[19,20]}})";
    return {packed_safetensors(three, "0123456789abcdefghijABCDEFGHIJ012345+-*/"),
            packed_safetensors(every_type,
                               std::string("\0\0\xc0\x7f\0\0\xf0\x7f~~\x80\x7f", 12) + "01234567"),
            packed_safetensors("{}      ", "")};
}
