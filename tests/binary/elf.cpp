#include "binary/elf.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace entente::binary {
namespace {

class Image {
public:
    explicit Image(const std::string& path) : path_(path) {
        std::ifstream file(path, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(file), {});
        const auto head = at<Elf64_Ehdr>(0);
        if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64)
            throw std::runtime_error(path + " is no ELF file of 64 bits");
    }

    template <class T>
    T at(std::size_t offset) const {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T))
            throw std::runtime_error(path_ + " ends early");
        T out;
        std::memcpy(&out, bytes_.data() + offset, sizeof out);
        return out;
    }

    template <class T>
    std::vector<T> table(std::size_t offset, std::size_t count) const {
        std::vector<T> out;
        for (std::size_t i = 0; i < count; ++i) out.push_back(at<T>(offset + i * sizeof(T)));
        return out;
    }

    std::string text(std::size_t offset) const {
        if (offset >= bytes_.size()) throw std::runtime_error(path_ + " ends early");
        return std::string(bytes_.data() + offset,
                           strnlen(bytes_.data() + offset, bytes_.size() - offset));
    }

private:
    std::string path_;
    std::vector<char> bytes_;
};

void read_dynamic(const Image& image, const Elf64_Phdr& segment, Elf& out) {
    for (const auto& entry :
         image.table<Elf64_Dyn>(segment.p_offset, segment.p_filesz / sizeof(Elf64_Dyn))) {
        if (entry.d_tag == DT_BIND_NOW) out.bind_now = true;
        if (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_BIND_NOW)) out.bind_now = true;
        if (entry.d_tag != DT_FLAGS_1) continue;
        if (entry.d_un.d_val & DF_1_NOW) out.bind_now = true;
        if (entry.d_un.d_val & DF_1_PIE) out.position_independent = true;
    }
}

void read_segments(const Image& image, const Elf64_Ehdr& head, Elf& out) {
    for (const auto& segment : image.table<Elf64_Phdr>(head.e_phoff, head.e_phnum)) {
        if (segment.p_type == PT_GNU_RELRO) out.relro = true;
        if (segment.p_type == PT_DYNAMIC) read_dynamic(image, segment, out);
        if (segment.p_type != PT_GNU_STACK) continue;
        out.stack_stated = true;
        out.stack_executable = segment.p_flags & PF_X;
    }
}

void read_imports(const Image& image, const Elf64_Ehdr& head, Elf& out) {
    const auto sections = image.table<Elf64_Shdr>(head.e_shoff, head.e_shnum);
    for (const auto& section : sections) {
        if (section.sh_type != SHT_DYNSYM) continue;
        const auto& names = sections.at(section.sh_link);
        for (const auto& symbol :
             image.table<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym)))
            if (symbol.st_shndx == SHN_UNDEF)
                out.imports.insert(image.text(names.sh_offset + symbol.st_name));
    }
}

}  // namespace

Elf read_elf(const std::string& path) {
    const Image image(path);
    const auto head = image.at<Elf64_Ehdr>(0);
    Elf out;
    out.type = head.e_type;
    read_segments(image, head, out);
    read_imports(image, head, out);
    return out;
}

}  // namespace entente::binary
