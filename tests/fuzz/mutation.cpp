#include "mutation.h"

#include <algorithm>

using whirlygig::Random;

namespace {

const std::string& any_of(const std::vector<std::string>& list, Random& random) {
    return list[random.below(list.size())];
}

// A number in the text becomes another: files are full of lengths and places.
void change_number(std::string& bytes, const std::string& word, Random& random) {
    const std::size_t start = bytes.find_first_of("0123456789", random.below(bytes.size()));
    if (start == bytes.npos) return;
    const std::size_t end = std::min(bytes.find_first_not_of("0123456789", start), bytes.size());
    const std::string small = std::to_string(random.below(50));
    bytes.replace(start, end - start, random.below(3) == 0 ? word : small);
}

void change(std::string& bytes, const std::vector<std::string>& words, Random& random) {
    if (bytes.empty()) bytes = any_of(words, random);
    const std::size_t place = random.below(bytes.size());
    const std::size_t most = std::min<std::size_t>(bytes.size() - place, 40);
    const std::size_t length = 1 + random.below(most);
    const std::string& word = any_of(words, random);
    switch (random.below(9)) {
    case 0:
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.below(8)));
        break;
    case 1:
        bytes[place] = static_cast<char>(random.below(256));
        break;
    case 2:
        bytes.erase(place, length);
        break;
    case 3:
        bytes.insert(random.below(bytes.size()), bytes.substr(place, length));
        break;
    case 4:
        bytes.insert(place, word);
        break;
    case 5:
        bytes.replace(place, std::min(word.size(), most), word);
        break;
    case 6:
        for (std::size_t times = random.below(200); times > 0; --times)
            bytes.insert(place, word);
        break;
    case 7:
        bytes.resize(place);
        break;
    default:
        change_number(bytes, word, random);
    }
}

} // namespace

std::string mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                    Random& random) {
    std::string bytes = any_of(seeds, random);
    for (std::size_t changes = 1 + random.below(6); changes > 0; --changes)
        change(bytes, words, random);
    return bytes;
}
