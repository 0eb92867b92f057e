insert into print_run (number, notice, at, who, design, said, options, fingerprint, sheets, proof, warnings)
values (:number, :notice, :at, :who, :design, :said, :options, :fingerprint, :sheets, :proof, :warnings)
