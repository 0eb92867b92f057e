insert into print_run (number, notice, at, who, design, edition, options, fingerprint, sheets, proof, warnings)
values (:number, :notice, :at, :who, :design, :edition, :options, :fingerprint, :sheets, :proof, :warnings)
