#include "error.h"
#include "files/file.h"
#include "files/safetensors.h"
#include "files/safetensors_header.h"
#include "files/strict_json.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace whirlygig {

namespace {

using nlohmann::json;

void require_utf8(const std::string& text, const std::string& file) {
    try {
        (void)json(text).dump();
    } catch (const json::type_error&) {
        fail("cannot write {}: the text {} is not UTF-8; other bytes cannot be stored in a header",
             file, shown(text));
    }
}

json describe(const TensorToWrite& tensor, std::uint64_t begin, const std::string& file) {
    const auto needed = byte_count(tensor.type, tensor.shape);
    if (needed != tensor.bytes.size()) {
        fail("cannot write {}: tensor {} of type {} has the shape {}, which does not fit its {} "
             "bytes",
             file, shown(tensor.name), element_name(tensor.type), tensor.shape,
             tensor.bytes.size());
    }
    return {{"dtype", element_name(tensor.type)},
            {"shape", tensor.shape},
            {"data_offsets", {begin, begin + tensor.bytes.size()}}};
}

// The length and the header of a file with these tensors, in this order.
std::string header_bytes(const std::vector<TensorToWrite>& tensors, const Metadata& metadata,
                         const std::string& file) {
    json header = json::object();
    for (const auto& [name, text] : metadata) {
        require_utf8(name, file);
        require_utf8(text, file);
        header[metadata_name][name] = text;
    }
    std::uint64_t begin = 0;
    for (const TensorToWrite& tensor : tensors) {
        require_utf8(tensor.name, file);
        if (tensor.name == metadata_name || header.contains(tensor.name)) {
            fail("cannot write {}: the tensor name {} is taken", file, shown(tensor.name));
        }
        header[tensor.name] = describe(tensor, begin, file);
        begin += tensor.bytes.size();
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // so that the numbers start at a multiple of 8
    if (text.size() > safetensors_header_limit) {
        fail("cannot write {}: names and metadata take {} bytes, and {} are allowed", file,
             text.size(), safetensors_header_limit);
    }
    std::string length(8, '\0');
    for (std::size_t byte = 0; byte < length.size(); ++byte)
        length[byte] = static_cast<char>(text.size() >> (8 * byte));
    return length + text;
}

} // namespace

void write_safetensors(const std::filesystem::path& path, const std::vector<TensorToWrite>& tensors,
                       const Metadata& metadata) {
    std::vector<TensorToWrite> ordered = tensors;
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
        return element_size(a.type) > element_size(b.type);
    });
    const std::string header = header_bytes(ordered, metadata, path.string());
    std::vector<std::string_view> pieces = {header};
    for (const TensorToWrite& tensor : ordered) {
        pieces.emplace_back(reinterpret_cast<const char*>(tensor.bytes.data()),
                            tensor.bytes.size());
    }
    write_pieces(path, pieces);
}

} // namespace whirlygig
