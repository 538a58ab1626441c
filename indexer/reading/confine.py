"""Takes rights away from the calling process for good: limits, Landlock, seccomp.

Every layer is tried and none is required: a kernel that lacks one leaves the
others. What really holds on a machine is found by trying (`probe.py`), not by
what these functions return.

Sources: kernel documentation userspace-api/landlock.rst, no_new_privs.rst and
seccomp_filter.rst; man pages prctl(2), seccomp(2), capabilities(7), getrlimit(2).
"""

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Iterable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38


def _prctl(option: int, argument: int | ctypes.c_void_p = 0, third: object = None) -> None:
    # prctl takes unsigned longs; an int32 argument would leave the upper half undefined.
    second = ctypes.c_ulong(argument) if isinstance(argument, int) else argument
    if _libc.prctl(
        option, second, third or ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _syscall(number: int, *arguments: object) -> int:
    result = _libc.syscall(
        ctypes.c_long(number),
        *(ctypes.c_long(one) if isinstance(one, int) else one for one in arguments),
    )
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


# --- processes -------------------------------------------------------------


def die_with(parent_pid: int) -> None:
    """Have the kernel kill this process when *parent_pid*, its parent, ends; exit if it has."""
    with contextlib.suppress(OSError):
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it ended before the kernel was told
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none is lost."""
    with contextlib.suppress(OSError):
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def be_first_out_of_memory() -> None:
    """Have the kernel end this process, not the server or the site, when memory is short."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def give_up_privileges() -> None:
    """Drop every capability, and the ways to get one back through a program."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    capset = {"x86_64": 126, "aarch64": 91}.get(platform.machine())
    if capset is not None:
        version_3 = struct.pack("=Ii", 0x20080522, 0)
        _syscall(capset, ctypes.create_string_buffer(version_3, 8), ctypes.create_string_buffer(24))


def limit(*, memory_mib: int, timeout_s: int, files: int = 64) -> None:
    """Set the kernel's limits for this process; each program it starts gets them anew.

    Processor time: SIGXCPU at *timeout_s*, SIGKILL one second later. Nothing can be
    written to a file, and no core is left behind (it would hold the document).
    """
    mib = memory_mib * 1024 * 1024
    for what, soft, hard in (
        (resource.RLIMIT_AS, mib, mib),
        (resource.RLIMIT_CPU, timeout_s, timeout_s + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ):
        highest = resource.getrlimit(what)[1]
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(what, (soft, hard))


# --- Landlock --------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture

EXECUTE, WRITE, READ, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many of the rights each ABI knows
_FS_RIGHTS_ABI_5 = 16
_NET_RIGHTS = 0b11  # bind and connect TCP, from ABI 4
_SCOPES = 0b11  # abstract Unix sockets and signals, from ABI 6


def landlock_abi() -> int:
    """Return the version of Landlock that the running kernel offers; 0 where it offers none."""
    try:
        return _syscall(_CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def landlock(
    *, read: Iterable[Path], read_write: Iterable[Path], execute: Iterable[Path], descriptor: int
) -> None:
    """Leave this process and its children only these files and folders, and no TCP.

    *descriptor* stays readable, also when opened anew through /proc/self/fd. Paths
    that do not exist are passed over. Signals and abstract sockets reach only
    processes under the same restriction, where the kernel can (ABI 6).
    """
    abi = landlock_abi()
    if abi == 0:
        raise OSError(errno.EOPNOTSUPP, "the kernel offers no Landlock")
    handled = (1 << _FS_RIGHTS.get(abi, _FS_RIGHTS_ABI_5)) - 1
    fields = [handled]
    if abi >= 4:
        fields.append(_NET_RIGHTS)
    if abi >= 6:
        fields.append(_SCOPES)
    ruleset = _ruleset(fields)
    try:
        for paths, rights in (
            (read, READ | LIST),
            (read_write, READ | WRITE),
            (execute, READ | EXECUTE),
        ):
            for path in paths:
                with contextlib.suppress(OSError):
                    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
                    try:
                        _allow(ruleset, opened, rights if path.is_dir() else rights & ~LIST)
                    finally:
                        os.close(opened)
        # EBADFD for a memfd or a pipe: they lie on no file system, and are never restricted.
        with contextlib.suppress(OSError):
            _allow(ruleset, descriptor, READ)
        _syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def landlock_programs() -> None:
    """Take away the right to start any program; stacks on `landlock`."""
    ruleset = _ruleset([EXECUTE])
    try:
        _syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _ruleset(fields: list[int]) -> int:
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    return _syscall(_CREATE_RULESET, buffer, len(attributes), 0)


def _allow(ruleset: int, descriptor: int, rights: int) -> None:
    rule = struct.pack("=Qi", rights, descriptor)
    _syscall(_ADD_RULE, ruleset, 1, ctypes.create_string_buffer(rule, len(rule)), 0)


# --- seccomp ---------------------------------------------------------------

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x4000_0000  # x86_64 answers to a second set of numbers from here on

# (x86_64, aarch64); 0 where the architecture lacks the call.
# linux/arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h
_NEVER: dict[str, tuple[int, int]] = {
    # network; socketpair stays, it reaches nobody
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "setsid": (112, 157), "setpgid": (109, 154),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    # wide doors into the kernel
    "bpf": (321, 280), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "fanotify_init": (300, 262), "personality": (135, 92), "modify_ldt": (154, 0),
    "iopl": (172, 0), "ioperm": (173, 0), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "syslog": (103, 116),
    "acct": (163, 89), "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161),
    "setdomainname": (171, 162),
    # files: what Landlock does not cover, and what it does, for kernels without it
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "chmod": (90, 0), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, 0), "fchown": (93, 55), "lchown": (94, 0), "fchownat": (260, 54),
    "utime": (132, 0), "utimes": (235, 0), "futimesat": (261, 0), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466), "truncate": (76, 45), "creat": (85, 0),
    "mknod": (133, 0), "mknodat": (259, 33), "mkdir": (83, 0), "mkdirat": (258, 34),
    "rmdir": (84, 0), "unlink": (87, 0), "unlinkat": (263, 35), "rename": (82, 0),
    "renameat": (264, 38), "renameat2": (316, 276), "link": (86, 0), "linkat": (265, 37),
    "symlink": (88, 0), "symlinkat": (266, 36),
}  # fmt: skip
_PROGRAMS: dict[str, tuple[int, int]] = {
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, 0), "vfork": (58, 0),
}  # fmt: skip
_CLONE, _CLONE3 = (56, 220), (435, 435)
_OPEN, _OPENAT, _OPENAT2 = (2, 0), (257, 56), (437, 437)
_KILL, _TKILL, _TGKILL = (62, 129), (200, 130), (234, 131)
_PRLIMIT, _PRCTL = (302, 261), (157, 167)

_CLONE_THREAD = 0x0001_0000
_CLONE_NEW = 0x7E02_0000  # every namespace that clone(2) can make
_OPEN_NEW = os.O_CREAT | os.O_TRUNC | 0x40_0000  # __O_TMPFILE
_OPEN_FOR_WRITING = os.O_WRONLY | os.O_RDWR | _OPEN_NEW

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16  # in struct seccomp_data


class _Filter:
    """A seccomp program; arguments are compared by their lower 32 bits (little-endian)."""

    def __init__(self, column: int, architecture: int) -> None:
        self.column = column
        self.code: list[tuple[int, int, int, int]] = [
            (_LOAD, 0, 0, _ARCH_AT),
            (_EQUAL, 1, 0, architecture),  # i386 calls on x86_64 would bypass the numbers below
            (_RETURN, 0, 0, _KILL_PROCESS),
            (_LOAD, 0, 0, _NUMBER_AT),
        ]
        if column == 0:
            self.code += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]

    def refuse(self, numbers: tuple[int, int], error: int = errno.EPERM) -> None:
        """Refuse a system call whatever it is asked."""
        if number := numbers[self.column]:
            self.code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | error)]

    def refuse_if(
        self, numbers: tuple[int, int], argument: int, test: int, value: int, *, holds: bool = True
    ) -> None:
        """Refuse a system call when *test* of its argument with *value* holds (or does not)."""
        if number := numbers[self.column]:
            then, otherwise = (0, 1) if holds else (1, 0)
            self.code += [
                (_EQUAL, 0, 4, number),
                (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument),
                (test, then, otherwise, value),
                (_RETURN, 0, 0, _ERRNO | errno.EPERM),
                (_LOAD, 0, 0, _NUMBER_AT),
            ]

    def apply(self) -> None:
        """Hand the program to the kernel; it holds for this process and all it starts."""
        code = [*self.code, (_RETURN, 0, 0, _ALLOW)]
        packed = b"".join(struct.pack("=HBBI", *one) for one in code)
        program = ctypes.create_string_buffer(packed, len(packed))
        head = struct.pack("@HP", len(code), ctypes.addressof(program))
        buffer = ctypes.create_string_buffer(head, len(head))
        _prctl(_PR_SET_SECCOMP, 2, ctypes.cast(buffer, ctypes.c_void_p))


def _filter() -> _Filter:
    try:
        return _Filter(*_ARCHITECTURES[platform.machine()])
    except KeyError:
        raise OSError(
            errno.EOPNOTSUPP, f"no table of system calls for {platform.machine()}"
        ) from None


def seccomp() -> None:
    """Refuse the system calls that no reader of files needs, with EPERM."""
    rules = _filter()
    for numbers in _NEVER.values():
        rules.refuse(numbers)
    # Their flags lie in memory, where a filter cannot look; the C library falls back.
    rules.refuse(_CLONE3, errno.ENOSYS)
    rules.refuse(_OPENAT2, errno.ENOSYS)
    rules.refuse_if(_CLONE, 0, _ANY_BIT, _CLONE_NEW)
    # Writing into an old file is refused by its size limit of 0; these leave a trace without it.
    # Starting a program opens the null device for both.
    rules.refuse_if(_OPEN, 1, _ANY_BIT, _OPEN_NEW)
    rules.refuse_if(_OPENAT, 2, _ANY_BIT, _OPEN_NEW)
    rules.refuse_if(_PRLIMIT, 0, _EQUAL, 0, holds=False)  # the limits of another process
    rules.refuse_if(_PRCTL, 0, _EQUAL, _PR_SET_PDEATHSIG)
    rules.apply()


def seccomp_programs() -> None:
    """Refuse to start programs or processes, to signal others, to open anything for writing."""
    rules = _filter()
    for numbers in _PROGRAMS.values():
        rules.refuse(numbers)
    rules.refuse_if(_CLONE, 0, _ANY_BIT, _CLONE_THREAD, holds=False)
    rules.refuse_if(_OPEN, 1, _ANY_BIT, _OPEN_FOR_WRITING)
    rules.refuse_if(_OPENAT, 2, _ANY_BIT, _OPEN_FOR_WRITING)
    for numbers in (_KILL, _TGKILL):  # abort(3) signals itself
        rules.refuse_if(numbers, 0, _EQUAL, os.getpid(), holds=False)
    rules.refuse(_TKILL)
    rules.apply()
