// Numbers that PyTorch computed in double; tests/oracle/freeze.py wrote them down.
#pragma once

#include "files/safetensors.h"
#include "support/grid.h"

#include <sstream>
#include <string>
#include <vector>

namespace support {

// The text that went through the model.
inline std::vector<int> ids_of(const whirlygig::SafetensorsFile& file) {
    std::stringstream text(file.metadata().at("ids"));
    std::vector<int> ids;
    for (std::string id; std::getline(text, id, ',');)
        ids.push_back(std::stoi(id));
    return ids;
}

// One of the files: a text that went through a model, with all stages and parameters by their
// names, or single functions.
class PyTorchNumbers {
public:
    explicit PyTorchNumbers(const std::string& name)
        : file(whirlygig::SafetensorsFile::read(std::string(WHIRLYGIG_TEST_DATA) + "/oracle/" +
                                                name + ".safetensors")) {}

    // A vector is a single row.
    Grid grid(const std::string& tensor) const {
        const std::vector<std::uint64_t>& shape = file.entry(tensor).shape;
        const std::size_t columns = shape.back(), rows = shape.size() == 1 ? 1 : shape.front();
        std::vector<double> numbers(rows * columns);
        file.read_into(tensor, std::span<double>(numbers));
        Grid result;
        for (std::size_t row = 0; row < rows; ++row) {
            const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(row * columns);
            result.emplace_back(first, first + static_cast<std::ptrdiff_t>(columns));
        }
        return result;
    }

    std::vector<int> ids() const { return ids_of(file); }

private:
    whirlygig::SafetensorsFile file;
};

// The texts: their models have 2, 3 and 1 heads of width 3, 5 and 4.
inline const char* const pytorch_texts[] = {"case_a_untied", "case_b_tied", "case_c_full_context"};

} // namespace support
