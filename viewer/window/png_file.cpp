#include "error.h"
#include "files/file.h"
#include "window/picture_file.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

// The bodies of these two headers are compiled here and nowhere else, without what isn't needed.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_LINEAR
#define STBI_NO_STDIO
#define STBI_FAILURE_USERMSG // reasons in sentences
#include <stb/stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

namespace whirlygig {
namespace {

constexpr int longest_side = 16384;               // pixels: four of the finest screens side by side
constexpr std::size_t most_pixels = 64'000'000;   // 256 MB in memory
constexpr std::uint64_t largest_file = 256 << 20; // bytes
constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";

std::size_t pixel_count(const Picture& picture) {
    return static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
}

void check(const std::filesystem::path& file, const Picture& picture) {
    const bool has_size = picture.width > 0 && picture.height > 0 &&
                          picture.width <= longest_side && picture.height <= longest_side;
    if (!has_size || pixel_count(picture) > most_pixels) {
        fail("cannot write {}: a picture may have from 1 to {} pixels each way and {} million in "
             "all, not {}x{}",
             file.string(), longest_side, most_pixels / 1'000'000, picture.width, picture.height);
    }
    if (picture.pixels.size() != pixel_count(picture) * 4) {
        fail("cannot write {}: {}x{} pixels have {} bytes, not {}", file.string(), picture.width,
             picture.height, pixel_count(picture) * 4, picture.pixels.size());
    }
}

// Without the alpha, which is opaque anyway: the file becomes smaller.
std::string red_green_blue(const Picture& picture) {
    std::string bytes;
    bytes.reserve(pixel_count(picture) * 3);
    for (std::size_t pixel = 0; pixel < picture.pixels.size(); pixel += 4)
        bytes.append(reinterpret_cast<const char*>(&picture.pixels[pixel]), 3);
    return bytes;
}

void append(void* png, void* bytes, int count) {
    static_cast<std::string*>(png)->append(static_cast<const char*>(bytes),
                                           static_cast<std::size_t>(count));
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view reason) {
    fail("{} is no PNG picture that can be read ({}); make it again", file.string(), reason);
}

struct FreePixels {
    void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

} // namespace

void write_png(const std::filesystem::path& file, const Picture& picture) {
    check(file, picture);
    stbi_write_force_png_filter = 0; // flat colours become smallest, and soonest, without one
    std::string png;
    if (stbi_write_png_to_func(append, &png, picture.width, picture.height, 3,
                               red_green_blue(picture).data(), picture.width * 3) == 0) {
        fail("cannot write {}: there isn't enough free memory; close other programs",
             file.string());
    }
    write_file(file, png);
}

Picture read_png(const std::filesystem::path& file) {
    const std::string bytes = read_file(file, largest_file);
    if (!bytes.starts_with(signature)) refuse(file, "it does not begin like one");
    const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
    const int size = static_cast<int>(bytes.size());
    Picture picture;
    int channels = 0;
    // The size first: no memory is taken for a picture that is too large.
    if (stbi_info_from_memory(data, size, &picture.width, &picture.height, &channels) == 0)
        refuse(file, stbi_failure_reason());
    if (picture.width > longest_side || picture.height > longest_side ||
        pixel_count(picture) > most_pixels)
        refuse(file, fmt::format("{}x{} pixels are too many", picture.width, picture.height));
    const std::unique_ptr<stbi_uc, FreePixels> pixels(
        stbi_load_from_memory(data, size, &picture.width, &picture.height, &channels, 4));
    if (!pixels) refuse(file, stbi_failure_reason());
    picture.pixels.assign(pixels.get(), pixels.get() + pixel_count(picture) * 4);
    for (std::size_t alpha = 3; alpha < picture.pixels.size(); alpha += 4)
        picture.pixels[alpha] = 255;
    return picture;
}

} // namespace whirlygig
