// Pictures and animations as files.
#pragma once

#include "window/window.h"

#include <filesystem>
#include <memory>

namespace whirlygig {

// Writes a PNG, as a whole or not at all. Throws an Error that names the file.
void write_png(const std::filesystem::path& file, const Picture& picture);

// Throws an Error that names the file when it isn't a PNG.
Picture read_png(const std::filesystem::path& file);

constexpr int hundredths_of_a_picture = 8; // for how long our animations show each of theirs

// A GIF that plays for ever. All frames have the size of the first; each gets the 256 colours that
// suit it best, and only the part of it that changed is stored.
class GifWriter {
public:
    explicit GifWriter(const std::filesystem::path& file); // throws an Error that names the file
    GifWriter(const GifWriter&) = delete;
    GifWriter& operator=(const GifWriter&) = delete;
    ~GifWriter(); // without finish() there is no file

    void add(const Picture& picture, int hundredths_of_a_second);
    void finish(); // renames the temporary file to its name

private:
    struct Encoder;
    std::unique_ptr<Encoder> encoder;
};

} // namespace whirlygig
