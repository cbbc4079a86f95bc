package media

import "syscall"

// bound lets a program end with this process.
func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// yieldTo lets a program run when nothing else wants to.
func yieldTo(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, 19) }

// freeBytes gives what may still be written below a directory; -1 = not known.
func freeBytes(dir string) int64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return -1
	}
	return int64(s.Bavail) * s.Bsize
}
