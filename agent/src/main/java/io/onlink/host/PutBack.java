package io.onlink.host;

import io.onlink.netlink.HostFiles;
import io.onlink.netlink.LinuxKernel;
import io.onlink.route.Change;
import io.onlink.route.Dump;
import io.onlink.route.Failure;
import io.onlink.route.Kernel;
import io.onlink.route.KernelException;
import io.onlink.route.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Puts a host back as it was before an agent came: what it has noted, as far as nobody else has changed it since. */
public final class PutBack {
    private final Kernel kernel;
    private final Links links;
    private final Before before;
    private final List<String> done = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private boolean complete = true;

    /** After the routes and addresses are gone. */
    public PutBack(LinuxKernel kernel, Before before) {
        this(kernel, Links.of(kernel), before);
    }

    /** The same of any kernel. */
    public PutBack(Kernel kernel, Links links, Before before) {
        this.kernel = kernel;
        this.links = links;
        this.before = before;
    }

    /** Whether that link was up with an address of somebody else's before an agent came. */
    public boolean wasInUse(String link) {
        return before.of(NotingKernel.LINK + link)
                .filter(was -> was.startsWith(NotingKernel.USED + " "))
                .isPresent();
    }

    /** The ipip links beside that one which the notes name: tunnels of former settings, as far as agents noted here. */
    public List<String> otherTunnels(Dump dump, String tunnel) {
        return dump.links().stream()
                .filter(link -> link.kind().equals("ipip"))
                .map(Link::name)
                .filter(name -> !name.equals(tunnel) && names(name))
                .toList();
    }

    private boolean names(String link) {
        return before.of(NotingKernel.MADE + link).isPresent()
                || before.of(NotingKernel.LINK + link).isPresent()
                || before.all().keySet().stream().anyMatch(note -> note.startsWith(NotingKernel.ADDRESS + link + " "));
    }

    /** Whether the notes speak of a link of another name that is an ipip link, or is gone and may have been one. */
    public boolean namesAnother(Dump dump, String tunnel) {
        return before.all().keySet().stream()
                .filter(note -> note.startsWith(NotingKernel.MADE) || note.startsWith(NotingKernel.LINK))
                .map(PutBack::link)
                .anyMatch(name -> !name.equals(tunnel)
                        && dump.link(name)
                                .map(link -> link.kind().equals("ipip"))
                                .orElse(true));
    }

    /** Whether the notes name that link, and it is not one that somebody else has made under its name since. */
    public boolean knows(String link) throws KernelException {
        boolean another = before.of(NotingKernel.MADE + link).isPresent() && !before.hasMade(link, links.index(link));
        return names(link) && !another;
    }

    /** The link that a note of a link is about. */
    private static String link(String note) {
        return note.substring(note.indexOf(' ') + 1);
    }

    /** The steps that take the addresses off a link which only the notes, and not the kernel, say an agent has made. */
    public List<Change> addresses(Dump dump, String link) {
        return dump.link(link).map(Link::addresses).orElse(List.of()).stream()
                .filter(address -> address.maker() == Link.Maker.UNKNOWN && noted(link, address))
                .map(address -> (Change) new Change.DeleteAddress(link, address))
                .toList();
    }

    private boolean noted(String link, Link.Address address) {
        return before.of(NotingKernel.address(link, address)).isPresent();
    }

    /**
     * Does it. What was put back is forgotten; what was left or refused is not, so that it can be tried again, nor is an
     * ipip link that is up, for as long as the guard may have to stay for it.
     */
    public void run() throws KernelException {
        Dump dump = kernel.dump();
        List<String> settled = new ArrayList<>();
        for (Map.Entry<String, String> note : before.all().entrySet()) {
            int undone = left.size() + failures.size();
            if (note.getKey().startsWith(NotingKernel.MADE)) {
                made(dump, note.getKey().substring(NotingKernel.MADE.length()), note.getValue());
            } else if (note.getKey().startsWith(NotingKernel.LINK)) {
                link(dump, note.getKey().substring(NotingKernel.LINK.length()), note.getValue());
            } else {
                continue;
            }
            if (left.size() + failures.size() == undone && !note.getValue().startsWith(NotingKernel.USED)) {
                settled.add(note.getKey());
            }
        }
        switches();
        complete &= failures.isEmpty();
        Dump now = kernel.dump();
        settled.stream()
                .filter(note -> now.link(link(note)).filter(Link::takesIpip).isEmpty())
                .forEach(before::forget);
        forgetAddresses(now);
    }

    /** All is put back, and the guard is gone: that a tunnel was in use before is needed no more. */
    public void forget() {
        if (complete && left.isEmpty()) {
            before.forget();
        }
    }

    private void forgetAddresses(Dump now) {
        Set<String> there = new HashSet<>();
        now.links()
                .forEach(link ->
                        link.addresses().forEach(address -> there.add(NotingKernel.address(link.name(), address))));
        before.all().keySet().stream()
                .filter(note -> note.startsWith(NotingKernel.ADDRESS) && !there.contains(note))
                .forEach(before::forget);
    }

    /** Whether nothing was refused. */
    public boolean complete() {
        return complete;
    }

    /** What was put back, in the words of the commands that would do so. */
    public List<String> done() {
        return List.copyOf(done);
    }

    /** What was left as it is, with the reason. */
    public List<String> left() {
        return List.copyOf(left);
    }

    /** What was refused. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** A link of ours goes, unless it is in use; the fallback device cannot go and is set down. */
    private void made(Dump dump, String name, String index) throws KernelException {
        OptionalInt now = links.index(name);
        Link link = dump.link(name).orElse(null);
        if (link == null || now.isEmpty() || !Integer.toString(now.getAsInt()).equals(index)) {
            return;
        }
        boolean bridge = link.kind().equals("bridge");
        List<Link.Address> foreign = before.foreign(link);
        if (bridge && links.hasPorts(name)) {
            left.add(name + ", for links are ports of it");
        } else if (!foreign.isEmpty() || (!bridge && !link.addresses().isEmpty())) {
            left.add(name + ", for it has the address " + (foreign.isEmpty() ? link.addresses() : foreign).get(0));
        } else {
            apply(name.equals("tunl0") ? new Change.SetDown(name) : new Change.DeleteLink(name));
        }
    }

    private void link(Dump dump, String name, String was) throws KernelException {
        Link link = dump.link(name).orElse(null);
        String[] words = was.split(" ", -1);
        if (link == null || words.length != 2 || !words[1].matches("[0-9]{1,9}")) {
            return;
        }
        int mtu = Integer.parseInt(words[1]);
        if (link.mtu() != mtu) {
            apply(new Change.SetMtu(name, mtu));
        }
        if (words[0].equals("down") && link.up() && !link.addresses().isEmpty()) {
            left.add(name + " up, for it has the address " + link.addresses().get(0));
        } else if (words[0].equals("down") && link.up()) {
            apply(new Change.SetDown(name));
        }
    }

    private void apply(Change change) throws KernelException {
        List<Failure> refused = kernel.apply(List.of(change));
        failures.addAll(refused);
        if (refused.isEmpty()) {
            done.add(change.toString());
        }
    }

    /** First the one that changes the others. */
    private void switches() {
        Map<String, String> notes = before.all();
        String first = NotingKernel.SWITCH + NotingKernel.IP_FORWARD;
        before.of(first).ifPresent(value -> putBack(first, value));
        notes.entrySet().stream()
                .filter(note -> note.getKey().startsWith(NotingKernel.SWITCH))
                .filter(note -> !note.getKey().equals(first))
                .sorted(Map.Entry.comparingByKey())
                .forEach(note -> putBack(note.getKey(), note.getValue()));
    }

    private void putBack(String note, String value) {
        if (put(note.substring(NotingKernel.SWITCH.length()), value)) {
            before.forget(note);
        }
    }

    /** Says whether there is nothing more to do. */
    private boolean put(String name, String value) {
        OptionalInt now = HostFiles.read(name);
        if (now.isEmpty() || !value.matches("[0-9]{1,9}") || now.getAsInt() == Integer.parseInt(value)) {
            return true;
        }
        String text = "sysctl -w net.ipv4." + name.replace('/', '.') + "=" + value;
        try {
            HostFiles.write(name, Integer.parseInt(value));
            done.add(text);
            return true;
        } catch (IOException e) {
            complete = false;
            left.add(text + " (" + e.getMessage() + ")");
            return false;
        }
    }
}
